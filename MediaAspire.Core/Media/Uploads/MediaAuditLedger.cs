using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaAspire.Core.Duties;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The recorded audits. All times are the database's. Thread-safe.</summary>
/// <remarks>Every method throws <see cref="DbException"/> when the database does not answer.</remarks>
public sealed class MediaAuditLedger(NpgsqlDataSource database, TimeProvider time)
{
    private const int Kept = 20;

    private const string Columns =
        """
        audit_id, state, is_dry_run, requested_at, started_at, ended_at, objects, catalog_objects, orphans, orphan_bytes, foreign_objects,
        missing, failed_items, restored_items, examples, error
        """;

    /// <summary>Asks for an audit, and wakes its duty.</summary>
    /// <returns><see langword="false"/> when one waits or runs already.</returns>
    public async Task<bool> TryRequestAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Insert("WHERE true", isDryRun, TimeSpan.Zero));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.MediaAudit));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    /// <summary>Finds the newest audit.</summary>
    public async Task<MediaAudit?> FindLatestAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM media_audits ORDER BY requested_at DESC, audit_id DESC LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>
    /// Starts the audit that was asked for or that a worker did not end; else a new one, when the last one began before an interval.
    /// </summary>
    /// <returns><see langword="null"/> when none is due.</returns>
    public async Task<MediaAudit?> TryStartAsync(TimeSpan interval, bool isDryRun, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Insert(
            "WHERE NOT EXISTS (SELECT FROM media_audits WHERE requested_at > now() - $3)", isDryRun, interval));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"UPDATE media_audits SET state = 'running', started_at = now() WHERE state IN ('requested', 'running') RETURNING {Columns}"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            DELETE FROM media_audits WHERE audit_id NOT IN (SELECT audit_id FROM media_audits ORDER BY requested_at DESC LIMIT $1)
                AND audit_id NOT IN (SELECT audit_id FROM media_audits WHERE state = 'done' ORDER BY requested_at DESC LIMIT 1)
            """)
        {
            Parameters = { new() { Value = Kept } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Records the end of an audit.</summary>
    /// <param name="id">The audit.</param>
    /// <param name="findings">The findings.</param>
    /// <param name="error">The reason why it failed; <see langword="null"/> for a success.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RecordEndAsync(Guid id, AuditFindings findings, string? error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE media_audits SET state = CASE WHEN $2 IS NULL THEN 'done' ELSE 'failed' END, error = $2, ended_at = now(), objects = $3,
                catalog_objects = $4, orphans = $5, orphan_bytes = $6, foreign_objects = $7, missing = $8, failed_items = $9,
                restored_items = $10, examples = $11
            WHERE audit_id = $1 AND state = 'running'
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = (object?)error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        long[] figures =
        [
            findings.Objects, findings.CatalogObjects, findings.Orphans, findings.OrphanBytes, findings.Foreign, findings.Missing,
            findings.FailedItems, findings.RestoredItems,
        ];
        foreach (var figure in figures)
        {
            command.Parameters.Add(new() { Value = figure });
        }

        var examples = new AuditExamples(findings.OrphanKeys, findings.MissingKeys);
        command.Parameters.Add(new()
        {
            Value = JsonSerializer.Serialize(examples, AuditExamplesJson.Default.AuditExamples),
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlBatchCommand Insert(string condition, bool isDryRun, TimeSpan interval)
    {
        var command = new NpgsqlBatchCommand(
            $"INSERT INTO media_audits (audit_id, state, is_dry_run) SELECT $1, 'requested', $2 {condition} ON CONFLICT DO NOTHING");
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(time.GetUtcNow()) });
        command.Parameters.Add(new() { Value = isDryRun });
        if (interval > TimeSpan.Zero)
        {
            command.Parameters.Add(new() { Value = interval });
        }

        return command;
    }

    private static MediaAudit Read(NpgsqlDataReader reader)
    {
        var examples = JsonSerializer.Deserialize(reader.GetString(14), AuditExamplesJson.Default.AuditExamples)!;
        return new MediaAudit(reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2), reader.GetFieldValue<DateTimeOffset>(3))
        {
            StartedAt = reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
            EndedAt = reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
            Findings = new AuditFindings
            {
                Objects = reader.GetInt64(6),
                CatalogObjects = reader.GetInt64(7),
                Orphans = reader.GetInt64(8),
                OrphanBytes = reader.GetInt64(9),
                Foreign = reader.GetInt64(10),
                Missing = reader.GetInt64(11),
                FailedItems = reader.GetInt64(12),
                RestoredItems = reader.GetInt64(13),
                OrphanKeys = examples.Orphans ?? [],
                MissingKeys = examples.Missing ?? [],
            },
            Error = reader.IsDBNull(15) ? null : reader.GetString(15),
        };
    }
}

internal sealed record AuditExamples(IReadOnlyList<string>? Orphans, IReadOnlyList<string>? Missing);

[JsonSerializable(typeof(AuditExamples))]
internal sealed partial class AuditExamplesJson : JsonSerializerContext;
