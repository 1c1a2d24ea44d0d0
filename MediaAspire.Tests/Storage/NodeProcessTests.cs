using System.Diagnostics;
using MediaAspire.Storage;
using MediaAspire.Storage.Membership;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

public sealed class NodeProcessTests
{
    [Fact]
    public async Task A_second_node_process_on_one_data_directory_ends_with_one_clear_sentence()
    {
        using var directory = new TemporaryDirectory();
        using var owner = new NodeIdentity(
            Options.Create(new StorageOptions { DataDirectory = directory.Path }), TimeProvider.System, NullLogger<NodeIdentity>.Instance);
        owner.Acquire();

        var (exitCode, errors) = await RunNodeAsync(directory.Path, allowEphemeralData: true);

        Assert.Equal(1, exitCode);
        Assert.Equal($"Another process uses the data directory {directory.Path}. Give each node a directory of its own.", errors.Trim());
        Assert.Equal($"{owner.Id}", File.ReadAllText(Path.Combine(directory.Path, "server_id")).Trim());
    }

    [Fact]
    public async Task A_node_of_production_in_a_container_ends_rather_than_keep_chunks_in_memory()
    {
        // The kernel keeps /dev/shm in memory, on every machine.
        var directory = $"/dev/shm/mediaaspire-{Guid.CreateVersion7():N}";

        var (exitCode, errors) = await RunNodeAsync(directory, allowEphemeralData: false);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"The data directory {directory} is in memory (tmpfs on /dev/shm)", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData("MediaAspire.Storage.dll")]
    [InlineData("MediaAspire.Worker.dll")]
    [InlineData("MediaAspire.Api.dll")]
    public async Task A_process_of_the_cluster_without_a_token_ends_and_says_how_to_create_one(string program)
    {
        using var directory = new TemporaryDirectory();

        var (exitCode, errors) = await RunNodeAsync(directory.Path, allowEphemeralData: true, token: "", program);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Cluster:Token is empty", errors, StringComparison.Ordinal);
        Assert.Contains("openssl rand -hex 32", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    private static async Task<(int ExitCode, string Errors)> RunNodeAsync(
        string directory, bool allowEphemeralData, string token = TestNode.Token, string program = "MediaAspire.Storage.dll")
    {
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, program),
            "--urls=http://127.0.0.1:0",
            $"--Storage:DataDirectory={directory}",
            $"--Storage:AllowEphemeralData={allowEphemeralData}",
            "--ConnectionStrings:media=Host=127.0.0.1;Port=1",
            "--ConnectionStrings:redis=127.0.0.1:1",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Cluster__Token"] = token;
        start.Environment["DOTNET_RUNNING_IN_CONTAINER"] = "true";
        using var process = Process.Start(start)!;
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
