using MediaAspire.Core.Ids;
using NpgsqlTypes;

namespace MediaAspire.Core.Scrubbing;

/// <summary>The progress that the worker records while it scrubs.</summary>
public sealed partial class ScrubLedger
{
    /// <summary>Counts what every server holds, once a scrub. Idempotent.</summary>
    public async Task PrepareAsync(Guid scrub, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO scrub_progress (scrub_id, server_id, copies_expected, bytes_expected)
            SELECT $1, s.server_id, count(c.chunk_id), coalesce(sum(c.chunk_size), 0)
            FROM storage_servers s
                 LEFT JOIN chunk_replicas r ON r.server_id = s.server_id AND r.status = 'stored'
                 LEFT JOIN chunks c ON c.chunk_id = r.chunk_id AND c.created_at <= (SELECT started_at FROM scrubs WHERE scrub_id = $1)
            WHERE s.status <> 'removed' AND NOT EXISTS (SELECT FROM scrub_progress WHERE scrub_id = $1)
            GROUP BY s.server_id
            ON CONFLICT DO NOTHING
            """);
        command.Parameters.Add(new() { Value = scrub });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the next copies of a server, in the order of their chunks, as far as they were there when the scrub began.</summary>
    public async Task<IReadOnlyList<(ChunkId Chunk, long Size)>> NextCopiesAsync(
        Guid scrub, ServerId server, ChunkId after, int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT r.chunk_id, c.chunk_size FROM chunk_replicas r JOIN chunks c USING (chunk_id)
            WHERE r.server_id = $2 AND r.chunk_id > $3 AND r.status = 'stored'
              AND c.created_at <= (SELECT started_at FROM scrubs WHERE scrub_id = $1)
            ORDER BY r.chunk_id LIMIT $4
            """);
        command.Parameters.Add(new() { Value = scrub });
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = after.Value });
        command.Parameters.Add(new() { Value = count });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var copies = new List<(ChunkId, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            copies.Add((new ChunkId(reader.GetGuid(0)), reader.GetInt64(1)));
        }

        return copies;
    }

    /// <summary>Moves a server's cursor and counts what was found on the way, in one step.</summary>
    /// <returns>False when the scrub no longer runs, or another worker has moved the cursor: then nothing was counted.</returns>
    public async Task<bool> TryAdvanceAsync(Guid scrub, ServerId server, ChunkId from, ScrubStep step, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            UPDATE scrub_progress SET after_chunk = $4, copies = copies + $5, bytes = bytes + $6, corrupt = corrupt + $7,
                   missing = missing + $8, unreachable = unreachable + $9, updated_at = now()
            WHERE scrub_id = $1 AND server_id = $2 AND after_chunk = $3 AND NOT is_done
              AND EXISTS (SELECT FROM scrubs WHERE scrub_id = $1 AND state = 'running')
            """);
        command.Parameters.Add(new() { Value = scrub });
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = from.Value });
        command.Parameters.Add(new() { Value = step.Upto.Value });
        command.Parameters.Add(new() { Value = step.Copies });
        command.Parameters.Add(new() { Value = step.Bytes });
        command.Parameters.Add(new() { Value = step.Corrupt });
        command.Parameters.Add(new() { Value = step.Missing });
        command.Parameters.Add(new() { Value = step.Unreachable });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Records that a server is done.</summary>
    public async Task EndServerAsync(Guid scrub, ServerId server, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE scrub_progress SET is_done = true, updated_at = now() WHERE scrub_id = $1 AND server_id = $2 AND NOT is_done");
        command.Parameters.Add(new() { Value = scrub });
        command.Parameters.Add(new() { Value = server.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Completes a scrub once every server is done. Servers that are away are waited for a while after the others.</summary>
    /// <param name="scrub">The scrub.</param>
    /// <param name="away">Servers that cannot be asked now.</param>
    /// <param name="patience">The time to wait for them, after which their remaining copies count as unreachable.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="true"/> when it is completed now.</returns>
    public async Task<bool> TryCompleteAsync(
        Guid scrub, IEnumerable<ServerId> away, TimeSpan patience, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("""
            UPDATE scrub_progress p SET is_done = true, unreachable = unreachable + greatest(copies_expected - copies, 0),
                   copies = greatest(copies_expected, copies), bytes = greatest(bytes_expected, bytes)
            WHERE scrub_id = $1 AND NOT is_done AND server_id = ANY ($2)
              AND EXISTS (SELECT FROM scrubs WHERE scrub_id = $1 AND state = 'running')
              AND NOT EXISTS (SELECT FROM scrub_progress o WHERE o.scrub_id = $1 AND NOT o.is_done AND NOT o.server_id = ANY ($2))
              AND (SELECT max(updated_at) FROM scrub_progress WHERE scrub_id = $1) < now() - $3
            """)
        {
            Parameters =
            {
                new() { Value = scrub },
                new() { Value = away.Select(server => server.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = patience },
            },
        });
        batch.BatchCommands.Add(new("""
            UPDATE scrubs SET state = 'completed', finished_at = now() WHERE scrub_id = $1 AND state = 'running'
              AND NOT EXISTS (SELECT FROM scrub_progress WHERE scrub_id = $1 AND NOT is_done)
            """)
        {
            Parameters = { new() { Value = scrub } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}
