using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>The catalog of the copies of chunks.</summary>
public sealed class CopyCatalog(NpgsqlDataSource database, IOptions<LivenessOptions> liveness)
{
    /// <summary>Reads a chunk and its copies.</summary>
    /// <returns>Null when the chunk does not exist or its file is not complete.</returns>
    public async Task<ChunkCopies?> ReadAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, transaction: null, chunk, cancellationToken);
    }

    /// <summary>Requests the removal of copies of a chunk, chosen under the lock of the chunk's row.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="choose">Chooses the copies to remove; the result may be empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of copies that are to be removed.</returns>
    public async Task<int> RemoveAsync(
        ChunkId chunk, Func<ChunkCopies, IReadOnlyCollection<ServerId>> choose, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ReadAsync(connection, transaction, chunk, cancellationToken) is not { } found
            || choose(found) is not { Count: > 0 } chosen)
        {
            return 0;
        }

        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { CopyRemovals.RequestSettled(chunk, chosen) } };
        var removed = await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return removed;
    }

    private async Task<ChunkCopies?> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, ChunkId chunk, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new($"""
                    SELECT c.file_id, c.chunk_number, (SELECT count(*) FROM chunks o WHERE o.file_id = c.file_id)::int,
                        c.chunk_size, f.copies
                    FROM chunks c JOIN files f USING (file_id)
                    WHERE c.chunk_id = $1 AND f.upload_status = 'completed' {(transaction is null ? "" : "FOR UPDATE OF c")}
                    """)
                {
                    Parameters = { new() { Value = chunk.Value } },
                },
                new($"""
                    SELECT r.server_id, r.status, {LiveCopies.ServerCounts}
                    FROM chunk_replicas r JOIN storage_servers s USING (server_id) WHERE r.chunk_id = $2
                    """)
                {
                    Parameters = { new() { Value = liveness.Value.After }, new() { Value = chunk.Value } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var found = new ChunkCopies(
            chunk, new FileId(reader.GetGuid(0)), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt32(4), []);
        var copies = new List<ChunkCopyState>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            copies.Add(new(new ServerId(reader.GetGuid(0)), reader.GetString(1), reader.GetBoolean(2)));
        }

        return found with { Copies = copies };
    }
}
