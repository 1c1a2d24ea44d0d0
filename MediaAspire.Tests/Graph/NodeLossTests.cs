using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.Api.Files;
using MediaAspire.AppHost.StorageCluster;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

[Collection(GraphGroup.Name)]
public sealed class NodeLossTests(GraphFixture graph)
{
    private const int Size = 48 * 1024 * 1024;

    [Fact]
    public async Task A_download_survives_the_loss_of_a_node_in_its_middle()
    {
        var bytes = TestBytes.Make(11, Size);
        var file = await graph.Api.PutFileAsync(bytes);
        var layout = (await graph.Api.GetFromJsonAsync<FileLayoutResponse>($"/files/{file.FileId}/layout"))!;
        var victim = layout.Chunks[^1].Copies[0].Name!;

        using var response = await graph.Api.GetAsync($"/files/{file.FileId}", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var received = new byte[Size];
        await stream.ReadExactlyAsync(received.AsMemory(0, Size / 4));

        await graph.KillAsync(victim);
        try
        {
            await stream.ReadExactlyAsync(received.AsMemory(Size / 4));
            Assert.True(bytes.AsSpan().SequenceEqual(received));

            // The cluster is whole again, although the node is still down.
            Assert.Equal(file.Sha256, TestBytes.Sha256(await graph.Api.GetByteArrayAsync($"/files/{file.FileId}")));
        }
        finally
        {
            await graph.RestartAsync(victim);
        }
    }

    [Fact]
    public async Task An_upload_survives_the_loss_of_a_node_in_its_middle()
    {
        var bytes = TestBytes.Make(12, Size);
        using var content = new PausingContent(bytes, Size / 2);
        var upload = graph.Api.PutAsync("/files?filename=a", content);
        await content.Paused;

        var victim = await NodeThatIsWritingAsync();
        await graph.KillAsync(victim);
        try
        {
            content.Resume();
            using var response = await upload;
            var file = await FilesClient.ReadCreatedAsync(response);

            Assert.Equal(TestBytes.Sha256(bytes), file.Sha256);
            Assert.Equal(file.Sha256, TestBytes.Sha256(await graph.Api.GetByteArrayAsync($"/files/{file.FileId}")));

            var layout = (await graph.Api.GetFromJsonAsync<FileLayoutResponse>($"/files/{file.FileId}/layout"))!;
            Assert.All(layout.Chunks, chunk => Assert.Equal(2, chunk.Copies.Count(copy => copy.Status == "stored")));
        }
        finally
        {
            await graph.RestartAsync(victim);
        }
    }

    [Fact]
    public async Task The_api_can_be_restarted_while_a_node_is_dead_and_the_cluster_says_so()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var file = await graph.Api.PutFileAsync(TestBytes.Make(13, 1_000_000));
        await graph.KillAsync("storage-4");
        try
        {
            var degraded = await graph.App.ResourceNotifications.WaitForResourceAsync(
                "storage", change => NodesOf(change)?.Contains("storage-4 is not running", StringComparison.Ordinal) == true,
                timeout.Token);
            Assert.Equal(
                (KnownResourceStates.Running, KnownResourceStateStyles.Warn),
                (degraded.Snapshot.State?.Text, degraded.Snapshot.State?.Style));

            var restart = await graph.App.ResourceCommands.ExecuteCommandAsync("api", KnownResourceCommands.RestartCommand, timeout.Token);
            Assert.True(restart.Success, restart.Message);
            await graph.WaitHealthyAsync("api", timeout.Token);

            Assert.Equal(file.Sha256, TestBytes.Sha256(await graph.Api.GetByteArrayAsync($"/files/{file.FileId}", timeout.Token)));
        }
        finally
        {
            await graph.RestartAsync("storage-4");
        }

        await graph.App.ResourceNotifications.WaitForResourceAsync(
            "storage", change => NodesOf(change) == $"{GraphFixture.Nodes} of {GraphFixture.Nodes} healthy", timeout.Token);
    }

    private static string? NodesOf(ResourceEvent change) =>
        change.Snapshot.Properties.FirstOrDefault(property => property.Name == StorageClusterStatus.NodesProperty)?.Value as string;

    /// <summary>Finds a node that has a copy of the chunk that is being received: the last one recorded.</summary>
    private async Task<string> NodeThatIsWritingAsync()
    {
        await using var command = graph.Database.CreateCommand(
            """
            SELECT s.name FROM chunks c JOIN files f USING (file_id)
            JOIN chunk_replicas r USING (chunk_id) JOIN storage_servers s USING (server_id)
            WHERE f.upload_status = 'uploading' ORDER BY c.created_at DESC, c.chunk_number DESC, r.server_id LIMIT 1
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A body that sends a part of its bytes, waits for a signal, and sends the rest.</summary>
    private sealed class PausingContent(byte[] bytes, int pauseAt) : HttpContent
    {
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Paused => _paused.Task;

        public void Resume() => _resumed.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, pauseAt));
            await stream.FlushAsync();
            _paused.SetResult();
            await _resumed.Task;
            await stream.WriteAsync(bytes.AsMemory(pauseAt));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
