namespace MediaAspire.Core.Chunks;

/// <summary>Cancels a call when one of its steps takes too long.</summary>
internal sealed class IdleWatch : IDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer _timer;
    private volatile bool _hasExpired;

    public IdleWatch(TimeSpan limit, TimeProvider time, CancellationToken callerToken)
    {
        Limit = limit;
        CallerToken = callerToken;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(callerToken);
        _timer = time.CreateTimer(static state => ((IdleWatch)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Limit { get; private set; }

    public CancellationToken CallerToken { get; }

    /// <summary>Cancelled by the caller or when a step takes too long.</summary>
    public CancellationToken Token => _cancellation.Token;

    public bool HasExpired => _hasExpired;

    /// <summary>Starts to time a step.</summary>
    public void Start() => _timer.Change(Limit, Timeout.InfiniteTimeSpan);

    /// <summary>Starts to time a step that may take longer than the others.</summary>
    public void Start(TimeSpan limit)
    {
        Limit = limit;
        Start();
    }

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _cancellation.Dispose();
    }

    private void Expire()
    {
        _hasExpired = true;
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The step ended at the same moment; nobody waits any more.
        }
    }
}
