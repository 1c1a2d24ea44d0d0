using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>Fails uploads whose session has expired or was aborted, and requests the removal of their copies.</summary>
/// <remarks>
/// Does nothing while a restore of the database is open: an upload that has expired by its rows may have been completed since.
/// </remarks>
internal sealed partial class SessionsDuty(
    NpgsqlDataSource database, SweepingMetrics metrics, IOptions<SweepingOptions> options, ILogger<SessionsDuty> logger) : IDuty
{
    public string Name => DutyNames.Sessions;

    public TimeSpan Interval => options.Value.SessionsInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var swept = await SweepAsync(FindEndedAsync, AbortSession, cancellationToken)
            + await SweepAsync(FindWithoutSessionAsync, LockFile, cancellationToken);
        if (swept > 0)
        {
            LogExpired(swept);
        }

        return swept;
    }

    private async Task<long> SweepAsync(
        Func<Guid, CancellationToken, Task<List<Guid>>> findAsync,
        Func<Guid, NpgsqlBatchCommand> acquire,
        CancellationToken cancellationToken)
    {
        var swept = 0L;
        var after = Guid.Empty;
        List<Guid> page;
        do
        {
            page = await findAsync(after, cancellationToken);
            foreach (var file in page)
            {
                swept += await ExpireAsync(file, acquire(file), cancellationToken) ? 1 : 0;
                after = file;
            }
        }
        while (page.Count == options.Value.PageSize);

        return swept;
    }

    /// <summary>Finds files whose session has ended and that have a copy whose removal is not requested yet.</summary>
    private async Task<List<Guid>> FindEndedAsync(Guid after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT u.file_id FROM upload_sessions u
            WHERE (u.expires_at < now() OR u.status = 'aborted') AND u.file_id > $1
            AND (u.status = 'active' OR EXISTS (
                SELECT FROM chunks c JOIN chunk_replicas r USING (chunk_id) WHERE c.file_id = u.file_id AND r.status <> 'deleting'))
            ORDER BY u.file_id LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = options.Value.PageSize });
        return await command.ReadIdsAsync(cancellationToken);
    }

    private async Task<List<Guid>> FindWithoutSessionAsync(Guid after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT f.file_id FROM files f
            WHERE f.upload_status IN ('pending', 'uploading', 'failed') AND f.created_at < now() - $3 AND f.file_id > $1
            AND NOT EXISTS (SELECT FROM upload_sessions u WHERE u.file_id = f.file_id)
            AND (f.upload_status <> 'failed' OR EXISTS (
                SELECT FROM chunks c JOIN chunk_replicas r USING (chunk_id) WHERE c.file_id = f.file_id AND r.status <> 'deleting'))
            ORDER BY f.file_id LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = options.Value.PageSize });
        command.Parameters.Add(new() { Value = options.Value.UnfinishedGrace });
        return await command.ReadIdsAsync(cancellationToken);
    }

    private async Task<bool> ExpireAsync(Guid file, NpgsqlBatchCommand acquire, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(acquire);
        batch.BatchCommands.Add(new($"""
            UPDATE files f SET upload_status = 'failed'
            WHERE f.file_id = $1 AND f.upload_status IN ('pending', 'uploading') AND {DatabaseRestores.NoneOpen}
            AND NOT EXISTS (SELECT FROM upload_sessions u WHERE u.file_id = $1 AND u.status = 'active')
            """)
        {
            Parameters = { new() { Value = file } },
        });
        batch.BatchCommands.Add(CopyRemovals.RequestOfFailedUpload(new FileId(file)));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Removal));
        await batch.ExecuteNonQueryAsync(cancellationToken);

        var copies = batch.BatchCommands[2].RecordsAffected;
        metrics.CountGivenUp(Name, copies);
        return batch.BatchCommands[1].RecordsAffected + copies > 0;
    }

    // The session's row first, as in a commit, and looked at again: an upload that is completed now is waited for and then found gone, and
    // one that moved its session's end meanwhile goes on. A commit that comes later finds no active session and fails.
    private static NpgsqlBatchCommand AbortSession(Guid file) =>
        new($"""
            UPDATE upload_sessions SET status = 'aborted'
            WHERE file_id = $1 AND (status = 'aborted' OR expires_at < now()) AND {DatabaseRestores.NoneOpen}
            """)
        {
            Parameters = { new() { Value = file } },
        };

    private static NpgsqlBatchCommand LockFile(Guid file) =>
        new("SELECT FROM files WHERE file_id = $1 FOR UPDATE") { Parameters = { new() { Value = file } } };

    [LoggerMessage(LogLevel.Information, "Expired {Files} unfinished uploads")]
    private partial void LogExpired(long files);
}
