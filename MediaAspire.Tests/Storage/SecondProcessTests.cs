using System.Diagnostics;
using MediaAspire.Storage;
using MediaAspire.Storage.Membership;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

public sealed class SecondProcessTests
{
    [Fact]
    public async Task A_second_node_process_on_one_data_directory_ends_with_one_clear_sentence()
    {
        using var directory = new TemporaryDirectory();
        using var owner = new NodeIdentity(Options.Create(new StorageOptions { DataDirectory = directory.Path }), TimeProvider.System);
        owner.Claim();

        var (exitCode, errors) = await RunNodeAsync(directory.Path);

        Assert.Equal(1, exitCode);
        Assert.Equal($"Another process owns the data directory {directory.Path}; a node needs one of its own.", errors.Trim());
        Assert.Equal($"{owner.Id}", File.ReadAllText(Path.Combine(directory.Path, "server_id")).Trim());
    }

    private static async Task<(int ExitCode, string Errors)> RunNodeAsync(string directory)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "MediaAspire.Storage.dll"),
            "--urls=http://127.0.0.1:0",
            $"--Storage:DataDirectory={directory}",
            "--ConnectionStrings:media=Host=127.0.0.1;Port=1",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await output;
            return (process.ExitCode, errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
