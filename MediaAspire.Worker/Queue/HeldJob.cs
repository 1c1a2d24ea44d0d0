using MediaAspire.Core.Jobs;

namespace MediaAspire.Worker.Queue;

/// <summary>A job that this worker holds, until it is disposed or its lease expires.</summary>
internal sealed class HeldJob : IDisposable
{
    private readonly TimeSpan _lease;
    private readonly TimeProvider _time;
    private readonly Action<HeldJob> _forget;
    private readonly CancellationTokenSource _lost;
    private readonly Lock _lock = new();
    private bool _isOver;

    public HeldJob(LeasedJob job, TimeSpan lease, long takenAt, TimeProvider time, Action<HeldJob> forget)
    {
        Job = job;
        _lease = lease;
        _time = time;
        _forget = forget;
        _lost = new CancellationTokenSource(Remaining(takenAt), time);
        Lost = _lost.Token;
    }

    public LeasedJob Job { get; }

    /// <summary>Gets a token that is cancelled when another worker may have the job.</summary>
    public CancellationToken Lost { get; }

    public void Prolong(long askedAt)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _lost.CancelAfter(Remaining(askedAt));
            }
        }
    }

    public void Lose()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                // Not at once: the handler's continuations would run under this lock.
                _lost.CancelAfter(TimeSpan.Zero);
            }
        }
    }

    public void Dispose()
    {
        _forget(this);
        lock (_lock)
        {
            _isOver = true;
            _lost.Dispose();
        }
    }

    private TimeSpan Remaining(long askedAt)
    {
        var left = _lease - _time.GetElapsedTime(askedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
