using Npgsql;

namespace MediaAspire.Core.Jobs;

/// <summary>Where work for later is put. Thread-safe.</summary>
/// <remarks>
/// Every job is run at least once, whatever process or engine is killed: handlers are idempotent. A job is on stable storage
/// before <see cref="EnqueueAsync(NewJob, CancellationToken)"/> returns.
/// </remarks>
public interface IJobQueue
{
    /// <summary>Whether <see cref="EnqueueAsync(NewJob, NpgsqlTransaction, CancellationToken)"/> is supported.</summary>
    bool JoinsTransactions { get; }

    /// <summary>Adds a job.</summary>
    /// <exception cref="JobQueueUnavailableException">The queue's engine gave no answer; whether the job was added is not known.</exception>
    Task<EnqueueResult> EnqueueAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Adds a job that exists only if the caller's transaction commits.</summary>
    /// <exception cref="NotSupportedException">The queue is not in PostgreSQL.</exception>
    /// <exception cref="NpgsqlException">The transaction cannot go on.</exception>
    Task<EnqueueResult> EnqueueAsync(NewJob job, NpgsqlTransaction transaction, CancellationToken cancellationToken);
}
