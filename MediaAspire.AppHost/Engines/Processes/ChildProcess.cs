using System.Diagnostics;

namespace MediaAspire.AppHost.Engines.Processes;

/// <summary>Runs a short command to its end.</summary>
internal static class ChildProcess
{
    /// <summary>Runs the command and collects its output.</summary>
    /// <returns>The outcome; <see langword="null"/> if the command did not end within <paramref name="patience"/> and was killed.</returns>
    public static ChildProcessResult? Run(string path, IReadOnlyList<string> arguments, TimeSpan patience)
    {
        using var process = Start(path, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            return null;
        }

        return new ChildProcessResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Runs the command and collects its output; cancellation kills it.</summary>
    public static async Task<ChildProcessResult> RunAsync(string path, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(path, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ChildProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(string path, IReadOnlyList<string> arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,

                // The AppHost's current directory may be one that an unprivileged engine account cannot enter.
                WorkingDirectory = "/",
            },
        };
        process.Start();
        process.StandardInput.Close();
        return process;
    }
}

/// <summary>The outcome of a command.</summary>
internal sealed record ChildProcessResult(int ExitCode, string Output, string Error);
