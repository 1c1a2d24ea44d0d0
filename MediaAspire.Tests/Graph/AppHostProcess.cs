using System.Diagnostics;
using System.Globalization;
using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>The AppHost as a process, as a user starts it but with three nodes, and all its descendants.</summary>
/// <remarks>They are found by an environment variable of this run, which all of them inherit.</remarks>
internal sealed class AppHostProcess : IDisposable
{
    private const string Marker = "MEDIAASPIRE_TEST_RUN";

    private readonly string _run = Guid.CreateVersion7().ToString("N");
    private readonly IDisposable _turn;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, string> _lines = [];
    private readonly TaskCompletionSource _healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppHostProcess(IDisposable turn, string dataDirectory, string[] settings)
    {
        _turn = turn;

        // A shell ignores SIGINT in its background processes, and their children inherit that.
        string[] arguments = ["--Engines=processes", $"--Data:Directory={dataDirectory}", "--Storage:Nodes=3", .. settings];
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env", ["--default-signal=INT", PathOfAppHost(), .. arguments])
            : new ProcessStartInfo(PathOfAppHost(), arguments);
        // Another directory than the test's: the AppHost finds its settings from any directory.
        start.WorkingDirectory = Path.GetTempPath();
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment[Marker] = _run;
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts an AppHost when no other graph is starting.</summary>
    public static async Task<AppHostProcess> StartAsync(string dataDirectory, params string[] settings) =>
        new(await GraphStarts.TakeTurnAsync(), dataDirectory, settings);

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

    /// <summary>Waits for the printed addresses and keys, of which the dashboard's is the last.</summary>
    /// <returns>The lines by their names.</returns>
    public async Task<IReadOnlyDictionary<string, string>> WaitUntilHealthyAsync(TimeSpan timeout)
    {
        try
        {
            await _healthy.Task.WaitAsync(timeout);
            return _lines;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The AppHost printed no addresses within {timeout}. It printed:\n{Output}");
        }
        finally
        {
            _turn.Dispose();
        }
    }

    /// <summary>Sends a signal as <c>kill</c> does.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        await _process.WaitForExitAsync().WaitAsync(timeout);
        _turn.Dispose();
        return _process.ExitCode;
    }

    /// <summary>Waits until no process of this run is left.</summary>
    public async Task AssertNothingIsLeftAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (Left() is { Count: > 0 } left)
        {
            try
            {
                await poll.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Still running {timeout} later: {string.Join(", ", left)}\n{Output}");
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _turn.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        // The AppHost's log is indented or has a level and a colon.
        if (line.Split(' ') is [{ Length: > 0 } name, var value] && !name.Contains(':', StringComparison.Ordinal))
        {
            _lines.TryAdd(name, value);
            if (name == "dashboard")
            {
                _healthy.TrySetResult();
            }
        }
    }

    private List<string> Left()
    {
        var left = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(directory, "environ")).Contains($"{Marker}={_run}", StringComparison.Ordinal))
                {
                    left.Add($"{Path.GetFileName(directory)} {File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ')}");
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // The process has just ended, or belongs to another user and so not to this run.
            }
        }

        return left;
    }

    private static string PathOfAppHost()
    {
        // …/MediaAspire.Tests/bin/Release/net10.0/ tells the configuration that was built.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Projects.MediaAspire_AppHost.ProjectPath, "bin", output.Parent!.Name, output.Name, "MediaAspire.AppHost");
    }
}
