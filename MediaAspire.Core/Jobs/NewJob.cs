using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

/// <summary>A job to be enqueued. Made by <see cref="JobKind{TPayload}.Create"/>.</summary>
/// <param name="Id">
/// Names the job for good; enqueueing the same job again, after an attempt of unknown outcome, does not double one that is still there.
/// </param>
/// <param name="Kind">The kind's name.</param>
/// <param name="Payload">JSON in UTF-8; small, because queues keep it in memory or in a table: bytes belong into staging.</param>
public sealed record NewJob(JobId Id, string Kind, ReadOnlyMemory<byte> Payload)
{
    /// <value>The default is <see cref="JobPriority.Normal"/>.</value>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>Gets the time until the job is due, by the queue's own clock.</summary>
    /// <value>The default is zero.</value>
    public TimeSpan Delay { get; init; }

    /// <summary>At most one job of a kind waits under a key; null for a job of its own.</summary>
    /// <remarks>
    /// A job holds its key while it waits, be it delayed or for another attempt. It releases the key when a worker takes it: what is
    /// enqueued during its run may be about something that it has already read, and is not lost. So two jobs of one key may run at
    /// once.
    /// </remarks>
    public string? UniqueKey { get; init; }

    /// <summary>Attempts before the job is a dead letter; null for <see cref="JobOptions.MaxAttempts"/>.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The W3C trace that the job's run continues.</summary>
    public string? TraceParent { get; init; }
}
