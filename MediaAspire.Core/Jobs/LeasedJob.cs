using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

/// <summary>A job that this worker may run until its lease ends.</summary>
/// <param name="Id">The job.</param>
/// <param name="Kind">The kind's name.</param>
/// <param name="Payload">JSON in UTF-8.</param>
/// <param name="Attempt">This attempt, from 1.</param>
/// <param name="MaxAttempts">The last one, after which the job is a dead letter.</param>
/// <param name="LeaseNumber">Grows each time that a worker takes the job, so an older one is void; stored as <c>claim</c>.</param>
/// <param name="EnqueuedAt">By the queue's clock.</param>
/// <param name="Waited">From when the job was due until now.</param>
/// <param name="TraceParent">The W3C trace that its run continues; null for a new one.</param>
public sealed record LeasedJob(
    JobId Id,
    string Kind,
    ReadOnlyMemory<byte> Payload,
    int Attempt,
    int MaxAttempts,
    long LeaseNumber,
    DateTimeOffset EnqueuedAt,
    TimeSpan Waited,
    string? TraceParent);

/// <summary>The jobs that one call has taken from the queue.</summary>
/// <param name="Jobs">The jobs, in the order to run them.</param>
/// <param name="NextDue">The time until the next job of these kinds is due, if no other is enqueued; null when no job waits.</param>
/// <param name="DeadLetters">Kinds of the jobs that became dead letters because every worker that took them died, one entry a job.</param>
public sealed record TakenJobs(IReadOnlyList<LeasedJob> Jobs, TimeSpan? NextDue, IReadOnlyList<string> DeadLetters);
