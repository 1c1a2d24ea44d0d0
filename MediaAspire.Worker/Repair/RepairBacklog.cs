using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Repair;

/// <summary>The chunks that wait for repair, in PostgreSQL.</summary>
internal sealed class RepairBacklog(NpgsqlDataSource database, IOptions<LivenessOptions> liveness)
{
    // The most damaged copies, and abandoned ones, that one page considers; the rest follows once these are healed.
    private const int UnsettledAtOnce = 1000;

    /// <summary>Reads the next chunks to repair that no job is to repair yet: fewest live copies first, then those found first.</summary>
    /// <returns>The chunks and their live copies.</returns>
    public async Task<IReadOnlyList<(ChunkId Chunk, int Live)>> NextAsync(int limit, CancellationToken cancellationToken)
    {
        // A damaged copy is work as long as a good one is left; without one it stays as it is. A copy that a dead worker began is work,
        // too.
        await using var command = database.CreateCommand($"""
            WITH unsettled AS (
                (SELECT r.chunk_id, r.status_since FROM chunk_replicas r JOIN chunks c USING (chunk_id) JOIN files f USING (file_id)
                 WHERE r.status IN ('corrupt', 'missing') AND f.upload_status = 'completed' AND {NotPlanned("r")}
                   AND EXISTS (SELECT FROM chunk_replicas o WHERE o.chunk_id = r.chunk_id AND o.status = 'stored')
                 ORDER BY r.status_since LIMIT $4)
                UNION ALL
                (SELECT r.chunk_id, r.status_since FROM chunk_replicas r JOIN chunks c USING (chunk_id) JOIN files f USING (file_id)
                 WHERE {CopyLedger.IsLeft} AND f.upload_status = 'completed' AND {NotPlanned("r")}
                 ORDER BY r.status_since LIMIT $4)
            ), work AS (
                SELECT chunk_id, live, found_at FROM (
                    SELECT chunk_id, live, found_at FROM endangered_chunks e
                    WHERE live > 0 AND {NotPlanned("e")} ORDER BY live, found_at LIMIT $3) e
                UNION ALL
                SELECT c.chunk_id, {LiveCopies.OfChunk}, c.status_since FROM unsettled c
            )
            SELECT chunk_id, min(live) FROM work GROUP BY chunk_id ORDER BY min(live), min(found_at), chunk_id LIMIT $3
            """);
        command.Parameters.Add(new() { Value = liveness.Value.After });
        command.Parameters.Add(new() { Value = DutyNames.Repair });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = UnsettledAtOnce });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<(ChunkId, int)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add((new ChunkId(reader.GetGuid(0)), reader.GetInt32(1)));
        }

        return items;
    }

    /// <summary>Counts the chunks with missing copies, by the number of their live copies.</summary>
    public async Task<IReadOnlyDictionary<int, long>> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT live, count(*) FROM endangered_chunks GROUP BY live");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<int, long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(reader.GetInt32(0), reader.GetInt64(1));
        }

        return counts;
    }

    /// <summary>Requests the removal of failed copies of complete files.</summary>
    /// <returns>The number of copies that are to be removed.</returns>
    public async Task<int> RemoveFailedAsync(int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(CopyRemovals.RequestFailed(limit));
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Finds, among the next chunks, those with more readable copies than their files ask for.</summary>
    /// <param name="after">The last chunk of the previous page; null to start.</param>
    /// <param name="limit">The most chunks to read.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The chunks, and the last one that was read; null at the end.</returns>
    public async Task<(IReadOnlyList<ChunkId> Surplus, ChunkId? Last)> FindSurplusAsync(
        ChunkId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            WITH page AS MATERIALIZED (SELECT chunk_id, file_id FROM chunks WHERE chunk_id > $1 ORDER BY chunk_id LIMIT $2)
            SELECT chunk_id, false FROM page JOIN files f USING (file_id)
            WHERE f.upload_status = 'completed'
              AND (SELECT count(*) FROM chunk_replicas r WHERE r.chunk_id = page.chunk_id AND r.status = 'stored') > f.copies
            UNION ALL
            (SELECT chunk_id, true FROM page ORDER BY chunk_id OFFSET $2 - 1)
            """);
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var surplus = new List<ChunkId>();
        ChunkId? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(1))
            {
                last = new ChunkId(reader.GetGuid(0));
            }
            else
            {
                surplus.Add(new ChunkId(reader.GetGuid(0)));
            }
        }

        return (surplus, last);
    }

    private static string NotPlanned(string table) =>
        $"NOT EXISTS (SELECT FROM duty_items i WHERE i.duty = $2 AND i.item = {table}.chunk_id AND i.due_at > now())";
}
