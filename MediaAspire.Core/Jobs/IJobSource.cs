using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

/// <summary>The queue, as workers take jobs from it. Thread-safe.</summary>
/// <remarks>
/// Leases run by the queue's clock: the database's or Redis's, never a worker's. A job whose lease has ended is due again, and counts one
/// attempt more. Everything that settles a job checks the number of its lease, so a worker that was paused does no harm. Every method
/// throws <see cref="JobQueueUnavailableException"/> when the engine does not answer.
/// </remarks>
public interface IJobSource
{
    /// <summary>Takes jobs that are due: urgent ones first, and within a priority and kind those due first.</summary>
    /// <param name="kinds">
    /// The kinds of jobs to take. Within a priority those of the first kind come first, so callers rotate the kinds.
    /// </param>
    /// <param name="limit">The most jobs to take.</param>
    /// <param name="lease">The duration of their lease without a heartbeat.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; jobs that were taken are due again when their lease ends.</param>
    Task<TakenJobs> TakeAsync(IReadOnlyList<string> kinds, int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Prolongs leases.</summary>
    /// <returns>The ids of the jobs that are no longer this worker's.</returns>
    Task<IReadOnlyList<JobId>> HeartbeatAsync(IReadOnlyList<LeasedJob> jobs, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Removes jobs that are done. Those lost meanwhile are left to the workers that have them.</summary>
    Task CompleteAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken);

    /// <summary>Lets a failed job wait for its next attempt.</summary>
    /// <returns>False when the job is no longer this worker's.</returns>
    Task<bool> RetryAsync(LeasedJob job, TimeSpan delay, string reason, CancellationToken cancellationToken);

    /// <summary>Moves a failed job to the dead letters.</summary>
    /// <returns>False when the job is no longer this worker's.</returns>
    Task<bool> MoveToDeadLettersAsync(LeasedJob job, string reason, CancellationToken cancellationToken);

    /// <summary>Releases jobs that were not run: they are due at once, and the attempt does not count.</summary>
    Task ReleaseAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="signal"/> with a kind's name when a job of it may have become due, and with null when one of any kind may
    /// have, until cancelled. A missed signal costs one poll interval.
    /// </summary>
    /// <exception cref="JobQueueUnavailableException">Listening could not begin.</exception>
    Task ListenAsync(Action<string?> signal, CancellationToken cancellationToken);
}
