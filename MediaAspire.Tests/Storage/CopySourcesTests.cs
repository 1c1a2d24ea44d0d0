using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

/// <summary>Tests that a node copies only from servers that its database names.</summary>
public sealed class CopySourcesTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_bytes = TestBytes.Make(1, 200_000);

    private readonly NodeRegistry _registry = new(postgres.Database, Options.Create(new ClusterOptions()));
    private readonly ManualTime _time = new();
    private TestNode _node = null!;
    private TestNode _source = null!;
    private ChunkId _chunk;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync();
        _node = await TestNode.StartAsync(database: postgres.ConnectionString, registers: false, time: _time);
        _source = await TestNode.StartAsync();
        _chunk = await _source.PutAsync(s_bytes);
        await RegisterAsync(_source.Id, _source.Address);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Fact]
    public async Task A_chunk_is_copied_from_a_server_on_record_with_the_token_and_the_addressee()
    {
        await _node.Client.CopyAsync(_chunk, _source.Id, default);

        Assert.Equal(s_bytes, await _node.GetAsync(_chunk, 0, s_bytes.Length));
    }

    [Fact]
    public async Task A_server_that_the_database_does_not_name_is_refused()
    {
        await AssertInvalidAsync(ServerId.New(TimeProvider.System), "does not belong to the cluster");

        await postgres.ExecuteAsync("UPDATE storage_servers SET status = 'removed'");
        await AssertInvalidAsync(_source.Id, "does not belong to the cluster");
    }

    [Fact]
    public async Task A_server_of_another_clusters_database_is_refused()
    {
        await postgres.ExecuteAsync("UPDATE cluster SET cluster_id = $1", Guid.CreateVersion7());
        try
        {
            await AssertInvalidAsync(_source.Id, $"the disk of this node belongs to cluster {_node.Cluster}");
        }
        finally
        {
            await postgres.ExecuteAsync("UPDATE cluster SET cluster_id = $1", PostgresFixture.Cluster.Value);
        }
    }

    [Fact]
    public async Task Another_server_at_the_recorded_address_is_not_copied_from()
    {
        var gone = ServerId.New(TimeProvider.System);
        await RegisterAsync(gone, _source.Address);

        var error = await Assert.ThrowsAsync<ChunkNodeException>(() => _node.Client.CopyAsync(_chunk, gone, default));

        Assert.Equal(ChunkNodeError.Aborted, error.Error);
        Assert.Empty(_node.Files);
    }

    [Fact]
    public async Task A_server_that_restarted_elsewhere_is_found()
    {
        await RegisterAsync(_source.Id, new Uri("http://127.0.0.1:1"));
        var error = await Assert.ThrowsAsync<ChunkNodeException>(() => _node.Client.CopyAsync(_chunk, _source.Id, default));
        Assert.Equal(ChunkNodeError.Aborted, error.Error);

        await RegisterAsync(_source.Id, _source.Address);
        _time.Advance(TimeSpan.FromSeconds(6));
        await _node.Client.CopyAsync(_chunk, _source.Id, default);

        Assert.Single(_node.Files);
    }

    [Fact]
    public async Task An_address_is_not_connected_to()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();

        // Field 2 was the address.
        var address = $"http://{stranger.LocalEndpoint}";
        var old = new CopyChunkRequest { ChunkId = _chunk.ToByteString() }.ToByteArray();
        var request = CopyChunkRequest.Parser.ParseFrom([.. old, (2 << 3) | 2, (byte)address.Length, .. address.Select(c => (byte)c)]);
        using var channel = _node.OpenChannel();
        var client = new ChunkStore.ChunkStoreClient(channel);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.CopyChunkAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);

        // With a valid source, the address has no effect.
        request.SourceServerId = _source.Id.ToByteString();
        Assert.Equal(s_bytes.Length, (await client.CopyChunkAsync(request)).Size);
        Assert.False(stranger.Pending());
    }

    [Fact]
    public async Task Without_the_database_nothing_is_copied()
    {
        await using var cutOff = await TestNode.StartAsync(database: "Host=127.0.0.1;Port=1;Timeout=1", registers: false);

        var error = await Assert.ThrowsAsync<ChunkNodeException>(() => cutOff.Client.CopyAsync(_chunk, _source.Id, default));

        Assert.Equal(ChunkNodeError.Aborted, error.Error);
        Assert.Contains("Reading the servers of the cluster from the database failed", error.Message, StringComparison.Ordinal);
    }

    private async Task AssertInvalidAsync(ServerId source, string reason)
    {
        // Past the lifetime of what the node has read.
        _time.Advance(TimeSpan.FromSeconds(6));
        var error = await Assert.ThrowsAsync<ChunkNodeException>(() => _node.Client.CopyAsync(_chunk, source, default));
        Assert.Equal(ChunkNodeError.Invalid, error.Error);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(_node.Files);
    }

    private async Task RegisterAsync(ServerId server, Uri address) => Assert.NotNull(await _registry.RegisterAsync(
        new NodeReport(server, PostgresFixture.Cluster, "source", address, 1L << 40, 0, 0), CancellationToken.None));
}
