using System.Diagnostics;
using System.Text;

namespace MediaAspire.Tests.Clients;

/// <summary>Runs a client's program, and reports its output when it fails.</summary>
internal static class ClientProcess
{
    private const string PackageFolder = "/usr/bin";

    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program until it ends.</summary>
    /// <returns>The program's standard output.</returns>
    public static async Task<string> RunAsync(
        string program, string package, IReadOnlyDictionary<string, string?> environment, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(PathOf(program, package), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var timeout = new CancellationTokenSource(s_timeout);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(
                process.ExitCode == 0,
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{End(await errors)}\n{End(await output)}");
            return await output;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {s_timeout}.");
        }
    }

    /// <summary>Finds a program of a package that <c>eng/install-clients.sh</c> installs.</summary>
    /// <remarks>
    /// Another release of a client behaves differently, and the PATH may begin with a release of the machine's own. Only Node.js comes
    /// from the PATH: it runs the SDK, whose version the lock file pins.
    /// </remarks>
    internal static string PathOf(string program, string package)
    {
        var folders = program == "node" ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator) : [PackageFolder];
        var path = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.True(path is not null, $"{program} is missing: run eng/install-clients.sh, which installs Debian's package {package}.");
        return path;
    }

    private static string End(string text) =>
        text.Length <= 2000 ? text : new StringBuilder("...").Append(text, text.Length - 2000, 2000).ToString();
}
