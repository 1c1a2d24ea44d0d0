using System.Collections.Frozen;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Worker.Queue;

/// <summary>One kind of job and its handler.</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Run">Reads the payload and calls the handler.</param>
/// <param name="Concurrency">
/// Jobs of this kind at once, in places of their own; null for a share of <see cref="JobWorkerOptions.Concurrency"/>.
/// </param>
internal sealed record JobHandlerRegistration(string Kind, Func<LeasedJob, CancellationToken, Task> Run, int? Concurrency = null);

/// <summary>The kinds of jobs that this worker runs.</summary>
internal sealed class JobHandlers
{
    private readonly FrozenDictionary<string, JobHandlerRegistration> _handlers;

    /// <exception cref="InvalidOperationException">Two handlers have the same kind.</exception>
    public JobHandlers(IEnumerable<JobHandlerRegistration> registrations)
    {
        var handlers = new Dictionary<string, JobHandlerRegistration>();
        foreach (var registration in registrations)
        {
            if (!handlers.TryAdd(registration.Kind, registration))
            {
                throw new InvalidOperationException($"Jobs of kind \"{registration.Kind}\" have two handlers.");
            }
        }

        _handlers = handlers.ToFrozenDictionary();
        SharingKinds = [.. KindsWhere(registration => registration.Concurrency is null)];
        LimitedKinds = [.. KindsWhere(registration => registration.Concurrency is not null).Select(
            kind => (kind, _handlers[kind].Concurrency!.Value))];
    }

    /// <summary>Gets the kinds that share the worker's places.</summary>
    public IReadOnlyList<string> SharingKinds { get; }

    /// <summary>Gets the kinds that have places of their own, and the number of places.</summary>
    public IReadOnlyList<(string Kind, int Concurrency)> LimitedKinds { get; }

    public Task RunAsync(LeasedJob job, CancellationToken cancellationToken) => _handlers[job.Kind].Run(job, cancellationToken);

    private IEnumerable<string> KindsWhere(Func<JobHandlerRegistration, bool> isMeant) =>
        _handlers.Values.Where(isMeant).Select(registration => registration.Kind).Order(StringComparer.Ordinal);
}
