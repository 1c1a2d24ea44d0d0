using System.Collections.Frozen;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Worker.Queue;

/// <summary>One kind of job and what does it.</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Run">Reads the payload and calls the handler.</param>
internal sealed record JobHandlerRegistration(string Kind, Func<ClaimedJob, CancellationToken, Task> Run);

/// <summary>The kinds of jobs that this worker does.</summary>
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
        Kinds = [.. handlers.Keys.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Kinds { get; }

    public Task RunAsync(ClaimedJob job, CancellationToken cancellationToken) => _handlers[job.Kind].Run(job, cancellationToken);
}
