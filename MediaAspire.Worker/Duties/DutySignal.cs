using System.Collections.Concurrent;
using MediaAspire.Core.Database;
using MediaAspire.Core.Duties;

namespace MediaAspire.Worker.Duties;

/// <summary>Receives signals that a duty is wanted before its interval is over.</summary>
internal sealed class DutySignal : IDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();
    private readonly IDisposable _subscription;

    public DutySignal(DatabaseListener listener) => _subscription = listener.Subscribe(DutySignals.Channel, Receive);

    /// <summary>Returns a task that ends at the next signal. Asked for before a run, so that no signal during the run is missed.</summary>
    public Task NextAsync(string duty) => (_waiting[duty] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Dispose() => _subscription.Dispose();

    private void Receive(string? wanted)
    {
        // Signals may have been missed, so every duty runs once.
        foreach (var duty in wanted is null ? _waiting.Keys : [wanted])
        {
            if (_waiting.TryGetValue(duty, out var waiting))
            {
                waiting.TrySetResult();
            }
        }
    }
}
