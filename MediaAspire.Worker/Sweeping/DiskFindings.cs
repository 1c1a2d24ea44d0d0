using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>The rows that a comparison of a server's disk reads and writes.</summary>
internal sealed class DiskFindings(NpgsqlDataSource database, IOptions<SweepingOptions> options, IOptions<LivenessOptions> liveness)
{
    // No process stands still for longer and then commits.
    private static readonly TimeSpan s_sweptFor = TimeSpan.FromDays(30);

    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT now()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>Finds those of some chunks of which no row records a copy on a server, in any state.</summary>
    public async Task<List<ChunkId>> FindUnknownAsync(
        ServerId server, IReadOnlyCollection<ChunkId> chunks, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT listed.id FROM unnest($2) AS listed (id)
            WHERE NOT EXISTS (SELECT FROM chunk_replicas r WHERE r.server_id = $1 AND r.chunk_id = listed.id)
            """);
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = chunks.Select(chunk => chunk.Value).ToArray() });
        return [.. (await command.ReadIdsAsync(cancellationToken)).Select(id => new ChunkId(id))];
    }

    /// <summary>Finds out whether the database knows any of some chunks, on any server.</summary>
    public async Task<bool> KnowsAnyAsync(IEnumerable<ListedChunk> files, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM chunks WHERE chunk_id = ANY ($1))");
        command.Parameters.Add(new() { Value = files.Select(file => file.Chunk.Value).ToArray() });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public Task RecordUntrackedAsync(ServerId server, List<ListedChunk> files, CancellationToken cancellationToken) =>
        RecordAsync("untracked_chunks", server, files, cancellationToken);

    public Task RecordDamagedAsync(ServerId server, List<ListedChunk> files, CancellationToken cancellationToken) =>
        RecordAsync("damaged_chunks", server, files, cancellationToken);

    /// <summary>Deletes the findings that a complete listing of the server did not show again, and old marks of swept chunks.</summary>
    public async Task ForgetAsync(ServerId server, List<ChunkId> untracked, List<ChunkId> damaged, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(MarkSwept(Forget("untracked_chunks", server, untracked)));
        batch.BatchCommands.Add(Forget("damaged_chunks", server, damaged));
        batch.BatchCommands.Add(new("DELETE FROM swept_chunks WHERE swept_at < now() - $1")
        {
            Parameters = { new() { Value = s_sweptFor } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ForgetUntrackedAsync(ServerId server, ChunkId chunk, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(MarkSwept(Drop("untracked_chunks", server, chunk)));
        batch.BatchCommands.Add(Drop("damaged_chunks", server, chunk));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the next page of chunks whose copy a server should have had before a moment.</summary>
    public async Task<List<ChunkId>> ReadStoredAsync(
        ServerId server, DateTimeOffset before, ChunkId after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT chunk_id FROM chunk_replicas
            WHERE server_id = $1 AND chunk_id > $2 AND status = 'stored' AND status_since < $3
            ORDER BY chunk_id LIMIT $4
            """);
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = after.Value });
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = options.Value.PageSize });
        return [.. (await command.ReadIdsAsync(cancellationToken)).Select(id => new ChunkId(id))];
    }

    /// <summary>Records that a stored copy is missing or damaged, and wakes repair.</summary>
    /// <returns><see langword="true"/> when it counted as stored until now.</returns>
    public async Task<bool> MarkAsync(ServerId server, ChunkId chunk, CopyOnDisk found, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(
            CopyTransitions.MarkDamaged(chunk, server, found == CopyOnDisk.Gone ? CopyStatus.Missing : CopyStatus.Corrupt));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Repair));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    /// <summary>Requests the removal of untracked copies of known chunks; only the removal duty unlinks such copies.</summary>
    /// <returns>The number of copies that are to be removed.</returns>
    public async Task<long> HandToRemovalAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(CopyRemovals.RequestUntracked(
            server.Id, ClusterParameter.IdOf(server), options.Value.OrphanGrace, liveness.Value.After));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Removal));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected;
    }

    /// <summary>Finds untracked chunks that are old enough and that no row of any kind knows any more.</summary>
    /// <remarks>
    /// Rows are written before the first byte, but for files of one run, whose commit is not admitted any more once their chunk stands
    /// here; an id is never used again. So nothing can make such a chunk wanted. The result is empty when the database is another
    /// cluster's by now, or was restored from a backup. The mark of the same statement lets the server refuse a database that is older than
    /// it knows.
    /// </remarks>
    public async Task<(IReadOnlyList<ChunkId> Chunks, HeartbeatMark DecidedAt)> FindForeignAsync(
        ClusterServer server, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT FROM bar_unknown_chunks()"));
        batch.BatchCommands.Add(new($"""
            SELECT u.chunk_id, cluster.epoch, s.heartbeat_count
            FROM untracked_chunks u JOIN storage_servers s USING (server_id) CROSS JOIN cluster
            WHERE u.server_id = $1 AND u.found_at <= now() - $2 AND NOT EXISTS (SELECT FROM chunks c WHERE c.chunk_id = u.chunk_id)
            AND cluster.cluster_id = $3 AND {DatabaseRestores.NoneOpen}
            """)
        {
            Parameters = { new() { Value = server.Id.Value }, new() { Value = options.Value.OrphanGrace }, ClusterParameter.Of(server) },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadDecisionAsync(cancellationToken);
    }

    /// <summary>Finds, among chunks on a server's disk, those whose copy there can be admitted again.</summary>
    /// <remarks>
    /// Their copy there is missing by its row; or it has no row, and the chunk has fewer live copies than its file wants. Both come from
    /// chunks that were restored from the trash, and from a database that was.
    /// </remarks>
    public async Task<List<ChunkId>> FindAdmissibleAsync(
        ServerId server, IReadOnlyCollection<ChunkId> chunks, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT c.chunk_id FROM chunks c JOIN files f USING (file_id) LEFT JOIN chunk_replicas own
                ON own.chunk_id = c.chunk_id AND own.server_id = $2
            WHERE c.chunk_id = ANY ($3) AND f.upload_status = 'completed'
            AND (own.status = 'missing' OR (own.status IS NULL AND {LiveCopies.OfChunk} < f.copies))
            """);
        command.Parameters.Add(new() { Value = liveness.Value.After });
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = chunks.Select(chunk => chunk.Value).ToArray() });
        return [.. (await command.ReadIdsAsync(cancellationToken)).Select(id => new ChunkId(id))];
    }

    /// <summary>Admits a copy that the server has read back in full as a stored one.</summary>
    /// <returns><see langword="true"/> when it is one now, and was not before.</returns>
    public async Task<bool> AdmitAsync(ServerId server, ChunkInfo found, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(CopyTransitions.AdmitFound(
            found.Chunk, server, found.Size, new Sha256Digest(found.Sha256.Span), liveness.Value.After));
        return await batch.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Finds out whether an operator permits to collect more unknown chunks than their share allows.</summary>
    /// <returns><see langword="true"/> when there is a permit for at least this number of chunks, not older than a day.</returns>
    public async Task<bool> IsPermittedAsync(ServerId server, long chunks, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT EXISTS (
                SELECT FROM collection_permits WHERE server_id = $1 AND chunks >= $2 AND granted_at > now() - interval '1 day')
            """);
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = chunks });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Ends an operator's permit after the pass that it was for.</summary>
    public async Task EndPermitAsync(ServerId server, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM collection_permits WHERE server_id = $1");
        command.Parameters.Add(new() { Value = server.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records that a server's disk was compared to its end.</summary>
    public async Task EndAsync(ServerId server, DateTimeOffset startedAt, long files, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO disk_comparisons (server_id, started_at, ended_at, chunks) VALUES ($1, $2, now(), $3)
            ON CONFLICT (server_id) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at, chunks = excluded.chunks
            """);
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = startedAt });
        command.Parameters.Add(new() { Value = files });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task RecordAsync(string table, ServerId server, List<ListedChunk> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
        {
            return;
        }

        await using var command = database.CreateCommand($"""
            INSERT INTO {table} (server_id, chunk_id, bytes) SELECT $1, f.id, f.bytes FROM unnest($2, $3) AS f (id, bytes)
            ON CONFLICT DO NOTHING
            """);
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = files.Select(file => file.Chunk.Value).ToArray() });
        command.Parameters.Add(new() { Value = files.Select(file => file.Bytes).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // In the statement that deletes the finding: at every moment one of both keeps a late commit out.
    private static NpgsqlBatchCommand MarkSwept(NpgsqlBatchCommand deletion)
    {
        deletion.CommandText = $"""
            WITH forgotten AS ({deletion.CommandText} RETURNING chunk_id)
            INSERT INTO swept_chunks (chunk_id) SELECT chunk_id FROM forgotten ON CONFLICT DO NOTHING
            """;
        return deletion;
    }

    private static NpgsqlBatchCommand Forget(string table, ServerId server, List<ChunkId> seen) =>
        new($"DELETE FROM {table} WHERE server_id = $1 AND chunk_id <> ALL ($2)")
        {
            Parameters = { new() { Value = server.Value }, new() { Value = seen.Select(chunk => chunk.Value).ToArray() } },
        };

    private static NpgsqlBatchCommand Drop(string table, ServerId server, ChunkId chunk) =>
        new($"DELETE FROM {table} WHERE server_id = $1 AND chunk_id = $2")
        {
            Parameters = { new() { Value = server.Value }, new() { Value = chunk.Value } },
        };
}
