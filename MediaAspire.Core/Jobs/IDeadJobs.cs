using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

/// <summary>Jobs that failed for good, kept until somebody replays or purges them.</summary>
public interface IDeadJobs
{
    /// <summary>Reads a page in the order of ids, which grow with the time of enqueueing, after the given id.</summary>
    Task<IReadOnlyList<DeadJob>> ListAsync(JobId? after, int limit, CancellationToken cancellationToken);

    /// <returns>The job; null when the dead letter does not exist.</returns>
    Task<DeadJob?> FindAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Enqueues the job again under its old id, with all its attempts before it, at any depth of the queue.</summary>
    /// <returns>False when the dead letter does not exist.</returns>
    Task<bool> ReplayAsync(JobId id, CancellationToken cancellationToken);

    /// <returns>The number of jobs that were enqueued.</returns>
    Task<long> ReplayAllAsync(CancellationToken cancellationToken);

    /// <summary>Deletes a dead letter.</summary>
    /// <returns>False when the dead letter does not exist.</returns>
    Task<bool> PurgeAsync(JobId id, CancellationToken cancellationToken);

    /// <returns>The number of jobs that were deleted.</returns>
    Task<long> PurgeAllAsync(CancellationToken cancellationToken);
}

/// <param name="Id">The job.</param>
/// <param name="Kind">The kind's name.</param>
/// <param name="Payload">JSON in UTF-8.</param>
/// <param name="Priority">Of the job, when it is replayed.</param>
/// <param name="UniqueKey">Null for a job without one.</param>
/// <param name="Attempts">The number of attempts that were made.</param>
/// <param name="Error">The failure of the last one.</param>
/// <param name="EnqueuedAt">By the queue's clock.</param>
/// <param name="DiedAt">By the queue's clock.</param>
/// <param name="TraceParent">The W3C trace that the job belongs to.</param>
public sealed record DeadJob(
    JobId Id,
    string Kind,
    ReadOnlyMemory<byte> Payload,
    JobPriority Priority,
    string? UniqueKey,
    int Attempts,
    string Error,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset DiedAt,
    string? TraceParent);
