namespace MediaAspire.Worker.Queue;

/// <summary>Wakes the one who waits for jobs. A ring between two waits is remembered.</summary>
internal sealed class JobBell(TimeProvider time)
{
    private TaskCompletionSource _rung = New();

    public void Ring() => Volatile.Read(ref _rung).TrySetResult();

    /// <summary>Forgets earlier rings. Called before a look at the queue, so that what is enqueued after the look is heard.</summary>
    public void Reset() => Volatile.Write(ref _rung, New());

    /// <summary>Returns at a ring since the last reset, or after the limit.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Volatile.Read(ref _rung).Task, Task.Delay(limit, time, ended.Token));
        await ended.CancelAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
