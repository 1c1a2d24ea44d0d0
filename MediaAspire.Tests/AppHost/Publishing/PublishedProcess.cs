using System.Diagnostics;
using System.Globalization;
using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.AppHost.Publishing;

/// <summary>A container of a manifest as a process: its program, arguments and environment are the manifest's.</summary>
internal sealed class PublishedProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    /// <param name="manifest">The manifest.</param>
    /// <param name="name">The resource.</param>
    /// <param name="values">The values of its expressions.</param>
    /// <param name="changes">Environment variables that differ from those of a container.</param>
    public PublishedProcess(PublishedManifest manifest, string name, ManifestValues values, params (string Name, string Value)[] changes)
    {
        var project = Path.GetDirectoryName(manifest[name].GetProperty("build").GetProperty("dockerfile").GetString())!;
        string[] arguments = manifest[name].TryGetProperty("args", out var given)
            ? [.. given.EnumerateArray().Select(argument => values.Resolve(argument.GetString()!))]
            : [];
        var start = new ProcessStartInfo(PathOf(Path.GetFileName(project)), arguments)
        {
            // The directory of its own appsettings.json, as in the image.
            WorkingDirectory = Path.Combine(Snapshot.Repository, project),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var variable in manifest[name].GetProperty("env").EnumerateObject())
        {
            start.Environment[variable.Name] = values.Resolve(variable.Value.GetString()!);
        }

        foreach (var (variable, value) in changes)
        {
            start.Environment[variable] = value;
        }

        Name = name;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Gets a project's program in its own output folder, which has only its own dependencies.</summary>
    public static string PathOf(string project)
    {
        // …/MediaAspire.Tests/bin/Release/net10.0/ tells the configuration that was built.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Snapshot.Repository, project, "bin", output.Parent!.Name, output.Name, project);
    }

    public void AssertRuns() => Assert.False(_process.HasExited, $"{Name} ended by itself. It said:\n{Output}");

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_stop);
        return _process.ExitCode;
    }

    /// <summary>Ends the process as a container runtime does.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-s", "TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        return await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
