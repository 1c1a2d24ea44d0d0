using MediaAspire.Core.Files;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>A staged blob whose bytes are an object, or a file that another row has held until now.</summary>
internal sealed partial class StagedRow(ImageBlob blob, NpgsqlDataSource database, TimeSpan cleanUpLimit, ILogger logger)
    : StagedBlob(blob)
{
    // After a commit of unknown outcome the object may belong to a blob: the audit of the store finds it if it does not.
    private bool _mayBeCommitted;

    /// <inheritdoc/>
    internal override async Task<bool> TryCommitAsync(IReadOnlyList<NpgsqlBatchCommand> owner, CancellationToken cancellationToken)
    {
        var condition = new CommitCondition([BlobRows.Insert(Blob), .. owner]);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Statements that are sent together form one transaction.
        await using var batch = new NpgsqlBatch(connection);
        condition.AddTo(batch);
        _mayBeCommitted = true;
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException refusal) when (refusal.InvariantSeverity == "ERROR")
        {
            _mayBeCommitted = false;
            if (QuotaRefusal.From(refusal) is { } quota)
            {
                throw new QuotaExceededException(quota, refusal);
            }

            if (!condition.IsUnmetBy(refusal))
            {
                throw;
            }

            Refusal = condition.Reason;
            return false;
        }
    }

    protected override async ValueTask DisposeCoreAsync()
    {
        if (_mayBeCommitted || Blob.ObjectKey is not { } key)
        {
            return;
        }

        using var limited = new CancellationTokenSource(cleanUpLimit);
        try
        {
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(BlobRows.ScheduleDeletion(key));
            await batch.ExecuteNonQueryAsync(limited.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            LogLeftBehind(logger, key, failure.Message);
        }
    }

    [LoggerMessage(
        LogLevel.Warning, "Scheduling the deletion of object {ObjectKey} failed, and is left to the audit of the object store: {Reason}")]
    private static partial void LogLeftBehind(ILogger logger, string objectKey, string reason);
}
