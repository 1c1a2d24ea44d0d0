using MediaAspire.Core.Duties;

namespace MediaAspire.Worker.Duties;

/// <summary>Background work that one worker at a time does, again and again.</summary>
/// <remarks>
/// A run may be ended at any point, by the token or by <c>kill -9</c>, and another worker may begin the next one while a worker that
/// was paused still believes that it leads. So every effect is one transaction that checks the state it changes, and is idempotent
/// on the nodes.
/// </remarks>
public interface IDuty
{
    /// <summary>A name of <see cref="DutyNames"/>; the lease's key.</summary>
    string Name { get; }

    /// <summary>Pause between the end of a run and the start of the next; a signal ends it early.</summary>
    TimeSpan Interval { get; }

    /// <summary>Does what there is to do, and returns how many items that were.</summary>
    /// <param name="cancellationToken">Ends the run when the worker stops or has lost the lease.</param>
    Task<long> RunAsync(CancellationToken cancellationToken);
}
