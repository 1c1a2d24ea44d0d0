using MediaAspire.Core.Jobs;
using MediaAspire.Core.Quotas;
using MediaAspire.Core.Staging;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.NamedFiles;

/// <summary>Makes staged bytes the current version of a name, and has a worker split them.</summary>
/// <remarks>
/// The order is: bytes durable in Redis, then the row, and with it the job where the queue is in PostgreSQL. A queue in Redis gets its job
/// after the row; the sweeper enqueues what was lost between the two. So a version that a reader can see can be read and will be split,
/// even if any process is killed.
/// </remarks>
public sealed partial class NamedFileStore(NpgsqlDataSource database, IJobQueue queue, TimeProvider time, ILogger<NamedFileStore> logger)
{
    /// <summary>Replaces the client's file of this name; readers see the old version or the new one.</summary>
    /// <param name="key">The owner's client, and its name for the file.</param>
    /// <param name="staged">The bytes, all written. They are kept once the row may refer to them.</param>
    /// <param name="cancellationToken">Ends the put before its commit.</param>
    /// <exception cref="StagingException">The last bytes could not be staged.</exception>
    /// <exception cref="NpgsqlException">
    /// PostgreSQL failed. If it failed in the commit, it is not known whether the version is current.
    /// </exception>
    /// <exception cref="QuotaExceededException">The owner's quota does not allow the file; nothing was changed.</exception>
    /// <exception cref="JobQueueUnavailableException">The queue in PostgreSQL failed; nothing was changed.</exception>
    public async Task<PutOutcome> PutAsync(NamedFileKey key, StagingWriter staged, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(staged);

        var value = await staged.CompleteAsync(cancellationToken);
        var job = SplitFile.Of(value.Id, time);

        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (queue.JoinsTransactions && (await queue.EnqueueAsync(job, transaction, cancellationToken)).Outcome == EnqueueOutcome.Full)
            {
                return PutOutcome.QueueFull;
            }

            // Last: from here on other writers of the name and of the owner wait for the commit.
            await using (var batch = new NpgsqlBatch(connection, transaction))
            {
                batch.BatchCommands.Add(NamedFileCatalog.Put(key, value.Id, value.Size, value.Sha256));
                if (await ExecuteAsync(batch, cancellationToken) is false)
                {
                    return PutOutcome.Abandoned;
                }
            }

            // A commit whose answer is lost may have happened: from here on only the row decides whether the bytes are needed.
            staged.Keep();
            await transaction.CommitAsync(CancellationToken.None);
        }

        if (!queue.JoinsTransactions)
        {
            await EnqueueAsync(job);
        }

        return PutOutcome.Stored;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await batch.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            throw new QuotaExceededException(refusal, failure);
        }
    }

    // The version is durable and current by now, so the put succeeds even without its job: the sweeper will enqueue it.
    private async Task EnqueueAsync(NewJob job)
    {
        try
        {
            if ((await queue.EnqueueAsync(job, CancellationToken.None)).Outcome == EnqueueOutcome.Full)
            {
                LogNotEnqueued(job.UniqueKey!, "the queue is full");
            }
        }
        catch (JobQueueUnavailableException failure)
        {
            LogNotEnqueued(job.UniqueKey!, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Enqueueing the job of staged version {Version} failed and is left to the sweeper: {Reason}")]
    private partial void LogNotEnqueued(string version, string reason);
}
