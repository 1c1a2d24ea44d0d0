using Npgsql;

namespace MediaAspire.Core.Jobs;

/// <summary>The queue of jobs, as callers enqueue them. Thread-safe.</summary>
/// <remarks>
/// Every job is run at least once, even if any process or engine is killed: handlers are idempotent. A job is on stable storage
/// before <see cref="EnqueueAsync(NewJob, CancellationToken)"/> returns.
/// </remarks>
public interface IJobQueue
{
    /// <summary>
    /// Gets a value indicating whether <see cref="EnqueueAsync(NewJob, NpgsqlTransaction, CancellationToken)"/> is supported.
    /// </summary>
    bool JoinsTransactions { get; }

    /// <summary>Adds a job.</summary>
    /// <exception cref="JobQueueUnavailableException">
    /// The queue's engine did not answer; the job may or may not have been added.
    /// </exception>
    Task<EnqueueResult> EnqueueAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Adds a job that exists only if the caller's transaction commits.</summary>
    /// <exception cref="NotSupportedException">The queue is not in PostgreSQL.</exception>
    /// <exception cref="NpgsqlException">The transaction cannot go on.</exception>
    Task<EnqueueResult> EnqueueAsync(NewJob job, NpgsqlTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Adds the statement that adds a job to a batch, which runs as one transaction of its own.</summary>
    /// <returns>
    /// What the caller calls when the batch has run: it tells workers of the job, and returns the outcome. <see langword="null"/> when the
    /// queue is full for this kind, and the batch has no statement more.
    /// </returns>
    /// <remarks>
    /// Cheaper than the transaction of a caller: the signal to workers follows the commit, and those of many commits are one. With a signal
    /// inside, PostgreSQL commits one such transaction after the other.
    /// </remarks>
    /// <exception cref="NotSupportedException">The queue is not in PostgreSQL.</exception>
    /// <exception cref="JobQueueUnavailableException">The queue's engine did not answer; the batch has no statement more.</exception>
    Task<Func<EnqueueOutcome>?> JoinAsync(NewJob job, NpgsqlBatch batch, CancellationToken cancellationToken);
}
