using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

/// <summary>A job that this worker may run until its lease ends.</summary>
/// <param name="Id">The job.</param>
/// <param name="Kind">The kind's name.</param>
/// <param name="Payload">JSON in UTF-8.</param>
/// <param name="Attempt">This attempt, from 1.</param>
/// <param name="MaxAttempts">The last one, after which the job is a dead letter.</param>
/// <param name="Claim">Grows each time that a worker takes the job; whoever holds an older one has lost it.</param>
/// <param name="EnqueuedAt">By the queue's clock.</param>
/// <param name="Waited">From when the job was due until now.</param>
/// <param name="TraceParent">The W3C trace that its run continues; null for a new one.</param>
public sealed record ClaimedJob(
    JobId Id,
    string Kind,
    ReadOnlyMemory<byte> Payload,
    int Attempt,
    int MaxAttempts,
    long Claim,
    DateTimeOffset EnqueuedAt,
    TimeSpan Waited,
    string? TraceParent);

/// <param name="Jobs">What was taken, in the order to run them.</param>
/// <param name="NextDue">When the next job of these kinds becomes due, if no other is enqueued; null when none is in sight.</param>
/// <param name="Buried">Kinds of the jobs that ran out of attempts because every worker that took them died, one entry a job.</param>
public sealed record JobClaims(IReadOnlyList<ClaimedJob> Jobs, TimeSpan? NextDue, IReadOnlyList<string> Buried);
