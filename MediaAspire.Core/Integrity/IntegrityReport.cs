using System.Data;
using System.Diagnostics;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Integrity;

/// <summary>The findings of the walks. Reading them costs in proportion to the findings, not to the stored chunks.</summary>
public sealed class IntegrityReport(NpgsqlDataSource database, IOptions<LivenessOptions> options)
{
    /// <summary>Counts what is wrong now.</summary>
    public async Task<IntegrityCounts> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {string.Join(", ", Enum.GetValues<IntegrityKind>().Select(kind => $"(SELECT count(*) {From(kind)})"))}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new IntegrityCounts(
            reader.GetInt64((int)IntegrityKind.Lost),
            reader.GetInt64((int)IntegrityKind.UnderReplicated),
            reader.GetInt64((int)IntegrityKind.Missing),
            reader.GetInt64((int)IntegrityKind.Corrupt),
            reader.GetInt64((int)IntegrityKind.Untracked),
            reader.GetInt64((int)IntegrityKind.Damaged));
    }

    /// <summary>Lists the findings of a kind, by chunk and server.</summary>
    /// <param name="kind">The kind to list.</param>
    /// <param name="after">The end of the previous page.</param>
    /// <param name="limit">The most findings to return, at least 1.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<List<IntegrityFinding>> ListAsync(
        IntegrityKind kind, IntegrityPosition after, int limit, CancellationToken cancellationToken)
    {
        var ofCopies = kind is not (IntegrityKind.Lost or IntegrityKind.UnderReplicated);
        await using var command = database.CreateCommand($"""
            SELECT {Columns(kind)} {From(kind)}
            AND {(ofCopies ? "(x.chunk_id, x.server_id) > ($1, $2)" : "x.chunk_id > $1 AND $2::uuid IS NOT NULL")}
            ORDER BY x.chunk_id{(ofCopies ? ", x.server_id" : "")} LIMIT $3
            """);
        command.Parameters.Add(new() { Value = after.Chunk.Value });
        command.Parameters.Add(new() { Value = after.Server?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var findings = new List<IntegrityFinding>();
        while (await reader.ReadAsync(cancellationToken))
        {
            findings.Add(new IntegrityFinding(
                new ChunkId(reader.GetGuid(0)),
                reader.IsDBNull(1) ? null : new FileId(reader.GetGuid(1)),
                reader.IsDBNull(2) ? null : new ServerId(reader.GetGuid(2)),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4),
                reader.IsDBNull(5) ? null : reader.GetInt32(5),
                reader.IsDBNull(6) ? null : reader.GetInt64(6),
                reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return findings;
    }

    /// <summary>Reads the progress of the walk.</summary>
    public async Task<IntegrityWalkState> ReadWalkAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT started_at, seen, completed_started_at, completed_at, completed_seen, clock_timestamp() - completed_at,
                   completed_cluster IS NOT DISTINCT FROM {IntegrityWalk.Cluster}
            FROM integrity_walk
            """);
        command.Parameters.Add(new() { Value = options.Value.After });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new IntegrityWalkState(
            Time(reader, 0), reader.GetInt64(1), Time(reader, 2), Time(reader, 3), reader.GetInt64(4),
            reader.IsDBNull(5) ? null : reader.GetTimeSpan(5), reader.GetBoolean(6));
    }

    /// <summary>Reads the last comparison of each server's disk with the rows.</summary>
    public async Task<List<DiskComparison>> ReadComparisonsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT s.server_id, s.name, d.started_at, d.ended_at, coalesce(d.chunks, 0)
            FROM storage_servers s LEFT JOIN disk_comparisons d USING (server_id)
            WHERE s.status <> 'removed' ORDER BY s.name, s.server_id
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var comparisons = new List<DiskComparison>();
        while (await reader.ReadAsync(cancellationToken))
        {
            comparisons.Add(new DiskComparison(
                new ServerId(reader.GetGuid(0)), reader.GetString(1), Time(reader, 2), Time(reader, 3), reader.GetInt64(4)));
        }

        return comparisons;
    }

    /// <summary>Starts a walk over all chunks from the beginning, and a comparison of every disk.</summary>
    /// <returns>The current time by the database's clock: a walk and comparisons that start later include this request.</returns>
    public async Task<DateTimeOffset> StartCheckAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(
            new("UPDATE integrity_walk SET position = NULL, seen = 0, started_at = NULL, cluster = NULL RETURNING now()"));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Integrity));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Orphans));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    private static string Columns(IntegrityKind kind) => kind switch
    {
        IntegrityKind.Lost or IntegrityKind.UnderReplicated =>
            "x.chunk_id, f.file_id, NULL::uuid, NULL::text, x.live, x.wanted, x.bytes, x.found_at",
        IntegrityKind.Missing or IntegrityKind.Corrupt =>
            "x.chunk_id, f.file_id, s.server_id, s.name, NULL::int, f.copies, c.chunk_size, x.status_since",
        IntegrityKind.Untracked or IntegrityKind.Damaged =>
            "x.chunk_id, (SELECT file_id FROM chunks c WHERE c.chunk_id = x.chunk_id), s.server_id, s.name, "
            + "NULL::int, NULL::int, x.bytes, x.found_at",
        _ => throw new UnreachableException($"Unhandled kind {kind}."),
    };

    // Findings about deleted files or removed servers do not count, even before the next walk deletes them.
    private static string From(IntegrityKind kind) => kind switch
    {
        IntegrityKind.Lost => Endangered("x.live = 0"),
        IntegrityKind.UnderReplicated => Endangered("x.live > 0"),
        IntegrityKind.Missing => Unsettled("missing"),
        IntegrityKind.Corrupt => Unsettled("corrupt"),
        IntegrityKind.Untracked =>
            """
            FROM untracked_chunks x JOIN storage_servers s USING (server_id)
            WHERE s.status <> 'removed'
            AND NOT EXISTS (SELECT FROM chunk_replicas r WHERE r.chunk_id = x.chunk_id AND r.server_id = x.server_id)
            """,
        IntegrityKind.Damaged =>
            """
            FROM damaged_chunks x JOIN storage_servers s USING (server_id)
            WHERE s.status <> 'removed'
            AND NOT EXISTS (SELECT FROM chunk_replicas r WHERE r.chunk_id = x.chunk_id AND r.server_id = x.server_id
                            AND r.status = 'stored' AND r.status_since > x.found_at)
            """,
        _ => throw new UnreachableException($"Unhandled kind {kind}."),
    };

    private static string Endangered(string condition) =>
        $"""
        FROM endangered_chunks x JOIN chunks c USING (chunk_id) JOIN files f USING (file_id)
        WHERE {condition} AND f.upload_status = 'completed'
        """;

    private static string Unsettled(string status) =>
        $"""
        FROM chunk_replicas x JOIN chunks c USING (chunk_id) JOIN files f USING (file_id) JOIN storage_servers s USING (server_id)
        WHERE x.status = '{status}' AND f.upload_status = 'completed' AND s.status <> 'removed'
        """;

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
}
