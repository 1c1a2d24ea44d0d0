namespace MediaAspire.Worker.Queue;

/// <summary>Wakes the lane that waits for jobs. A signal between two waits is remembered.</summary>
internal sealed class JobSignal(TimeProvider time)
{
    private TaskCompletionSource _sent = New();

    public void Send() => Volatile.Read(ref _sent).TrySetResult();

    /// <summary>
    /// Forgets earlier signals. Called before the queue is read, so that a job that is enqueued afterwards is noticed.
    /// </summary>
    public void Reset() => Volatile.Write(ref _sent, New());

    /// <summary>Returns at a signal since the last reset, or after the limit.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Volatile.Read(ref _sent).Task, Task.Delay(limit, time, ended.Token));
        await ended.CancelAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
