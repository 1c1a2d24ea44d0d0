using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>Requests the removal of the copies of deleted files, once their grace is over and no other file needs them.</summary>
internal sealed partial class DeletedFilesDuty(
    NpgsqlDataSource database, SweepingMetrics metrics, IOptions<SweepingOptions> options, ILogger<DeletedFilesDuty> logger) : IDuty
{
    public string Name => DutyNames.DeletedFiles;

    public TimeSpan Interval => options.Value.DeletedFilesInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var copies = 0L;
        while (await RequestPageAsync(cancellationToken) is { } requested)
        {
            copies += requested;
        }

        if (copies > 0)
        {
            LogRequested(copies);
        }

        return copies;
    }

    /// <summary>
    /// Requests the removal of the copies of a page of files in one transaction. The files' rows are locked, so restoring or sharing one
    /// happens before or after.
    /// </summary>
    /// <returns>The number of copies that are to be removed; null when no file is left.</returns>
    private async Task<long?> RequestPageAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var files = await LockPageAsync(connection, cancellationToken);
        if (files.Count == 0)
        {
            return null;
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(CopyRemovals.RequestOfDeletedFiles(files.Select(file => new FileId(file))));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Removal));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        // None when another worker has just done this page: its files' rows were free again, and had not changed.
        var copies = batch.BatchCommands[0].RecordsAffected;
        metrics.CountGivenUp(Name, copies);
        return copies;
    }

    private async Task<List<Guid>> LockPageAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT f.file_id FROM files f
            WHERE f.upload_status = 'deleted' AND f.deleted_at < now() - $1 AND {DatabaseRestores.NoneOpen}
            AND EXISTS (SELECT FROM chunks c JOIN chunk_replicas r USING (chunk_id)
                        WHERE c.file_id = f.file_id AND r.status <> 'deleting' AND {ChunkReferences.NoneLeft})
            ORDER BY f.deleted_at LIMIT $2
            FOR UPDATE OF f SKIP LOCKED
            """,
            connection);
        command.Parameters.Add(new() { Value = options.Value.DeletedFilesGrace });
        command.Parameters.Add(new() { Value = options.Value.PageSize });
        return await command.ReadIdsAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Requested the removal of {Copies} copies of deleted files")]
    private partial void LogRequested(long copies);
}
