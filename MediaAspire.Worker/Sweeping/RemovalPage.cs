using System.Collections.Concurrent;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>Copies on one server that this worker alone is removing. Disposing it uncommitted leaves all of them in the queue.</summary>
internal sealed class RemovalPage(
    ServerId server,
    IReadOnlyList<ChunkId> chunks,
    HeartbeatMark decidedAt,
    NpgsqlConnection connection,
    NpgsqlTransaction transaction)
    : IAsyncDisposable
{
    private readonly ConcurrentBag<ChunkId> _removed = [];
    private readonly ConcurrentBag<ChunkId> _failed = [];

    public IReadOnlyList<ChunkId> Chunks => chunks;

    /// <summary>Gets the mark that the database had for the server when it chose the copies.</summary>
    public HeartbeatMark DecidedAt => decidedAt;

    public int Removed => _removed.Count;

    /// <summary>Records that the server no longer has a copy.</summary>
    public void SetRemoved(ChunkId chunk) => _removed.Add(chunk);

    /// <summary>Records that the server answered and could not delete a copy: others come before it next time.</summary>
    public void SetFailed(ChunkId chunk) => _failed.Add(chunk);

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(CopyRemovals.Confirm(server, _removed));
        batch.BatchCommands.Add(ForgetRemoved("untracked_chunks"));
        batch.BatchCommands.Add(ForgetRemoved("damaged_chunks"));
        batch.BatchCommands.Add(CopyRemovals.Postpone(server, _failed));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private NpgsqlBatchCommand ForgetRemoved(string table) =>
        new($"DELETE FROM {table} WHERE server_id = $1 AND chunk_id = ANY ($2)")
        {
            Parameters = { new() { Value = server.Value }, new() { Value = _removed.Select(chunk => chunk.Value).ToArray() } },
        };
}
