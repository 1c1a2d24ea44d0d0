using System.Collections.Concurrent;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>Copies on one server that this worker alone is unlinking. Disposing it uncommitted leaves all of them in the queue.</summary>
internal sealed class RemovalPage(ServerId server, IReadOnlyList<ChunkId> chunks, NpgsqlConnection connection, NpgsqlTransaction transaction)
    : IAsyncDisposable
{
    private readonly ConcurrentBag<Guid> _removed = [];
    private readonly ConcurrentBag<Guid> _failed = [];

    public IReadOnlyList<ChunkId> Chunks => chunks;

    public int Removed => _removed.Count;

    /// <summary>Says that the server no longer has a copy.</summary>
    public void SetRemoved(ChunkId chunk) => _removed.Add(chunk.Value);

    /// <summary>Says that the server answered and could not delete a copy: others come before it next time.</summary>
    public void SetFailed(ChunkId chunk) => _failed.Add(chunk.Value);

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(OnCopies("DELETE FROM chunk_replicas WHERE server_id = $1 AND chunk_id = ANY ($2) AND status = 'deleting'", _removed));
        batch.BatchCommands.Add(OnCopies("DELETE FROM untracked_chunks WHERE server_id = $1 AND chunk_id = ANY ($2)", _removed));
        batch.BatchCommands.Add(OnCopies("DELETE FROM damaged_chunks WHERE server_id = $1 AND chunk_id = ANY ($2)", _removed));
        batch.BatchCommands.Add(OnCopies(
            "UPDATE chunk_replicas SET status_since = now() WHERE server_id = $1 AND chunk_id = ANY ($2) AND status = 'deleting'", _failed));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private NpgsqlBatchCommand OnCopies(string sql, IEnumerable<Guid> ids) =>
        new(sql) { Parameters = { new() { Value = server.Value }, new() { Value = ids.ToArray() } } };
}
