using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

public enum EnqueueOutcome
{
    /// <summary>The job is in the queue, on stable storage; or will be when the joined transaction commits.</summary>
    Enqueued,

    /// <summary>A job of the same kind and key waits already; nothing was added.</summary>
    AlreadyWaiting,

    /// <summary>The queue is full for this kind, and nothing was added. Clients are told to try again later.</summary>
    Full,
}

/// <param name="Outcome">The outcome for the job.</param>
/// <param name="Id">
/// The job that is in the queue: the new one, or the one that waits under its key. Of no meaning when the queue is full.
/// </param>
public readonly record struct EnqueueResult(EnqueueOutcome Outcome, JobId Id);
