using MediaAspire.Core.Ids;

namespace MediaAspire.Worker.Queue;

/// <summary>Runs the jobs of one kind. A singleton, called for several jobs at once.</summary>
/// <remarks>
/// Jobs are run at least once, sometimes twice at the same time: a handler's effect is idempotent, checked against what is there.
/// A handler that returns has brought its effect to stable storage.
/// </remarks>
public interface IJobHandler<in TPayload>
{
    /// <param name="payload">The content of the job.</param>
    /// <param name="job">Which job and attempt this is.</param>
    /// <param name="cancellationToken">Ends the attempt: the worker stops, has lost the job, or the job takes too long.</param>
    /// <exception cref="JobRejectedException">No attempt can succeed; the job becomes a dead letter at once.</exception>
    /// <remarks>Any other exception fails the attempt; the job is tried again after a back-off.</remarks>
    Task HandleAsync(TPayload payload, JobContext job, CancellationToken cancellationToken);
}

/// <param name="Id">The job.</param>
/// <param name="Attempt">This attempt, from 1.</param>
/// <param name="MaxAttempts">The last one.</param>
/// <param name="EnqueuedAt">By the queue's clock.</param>
public sealed record JobContext(JobId Id, int Attempt, int MaxAttempts, DateTimeOffset EnqueuedAt);

/// <summary>A job that can never succeed, such as one about something that no longer exists.</summary>
public sealed class JobRejectedException(string message) : Exception(message);
