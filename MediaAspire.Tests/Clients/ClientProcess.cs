using System.Diagnostics;
using System.Text;

namespace MediaAspire.Tests.Clients;

/// <summary>Runs a client's program and has what it said at hand when it fails.</summary>
internal static class ClientProcess
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    public static async Task<string> RunAsync(
        string program, string package, IReadOnlyDictionary<string, string?> environment, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(PathOf(program, package), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
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

    /// <summary>Finds a program, first where the distribution puts it: its packages belong to its own interpreters.</summary>
    private static string PathOf(string program, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Prepend("/usr/bin");
        var path = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.True(path is not null, $"{program} is missing: install {package} (Debian's name). ./test.sh does so on Debian and Ubuntu.");
        return path;
    }

    private static string End(string text) => text.Length <= 2000 ? text : new StringBuilder("...").Append(text, text.Length - 2000, 2000).ToString();
}
