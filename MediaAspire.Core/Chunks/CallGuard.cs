namespace MediaAspire.Core.Chunks;

/// <summary>A guard of one call to a node, which limits the time of each step and turns a failed step into a value.</summary>
internal sealed class CallGuard : IDisposable
{
    private readonly Uri _node;
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer _timer;
    private volatile bool _hasExpired;

    /// <param name="node">The node's address.</param>
    /// <param name="limit">The longest time of a step.</param>
    /// <param name="time">The clock.</param>
    /// <param name="callerToken">Ends the whole call.</param>
    public CallGuard(Uri node, TimeSpan limit, TimeProvider time, CancellationToken callerToken)
    {
        _node = node;
        Limit = limit;
        CallerToken = callerToken;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(callerToken);
        _timer = time.CreateTimer(static state => ((CallGuard)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the longest time of a step.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>Gets the token of the caller, which ends the whole call.</summary>
    public CancellationToken CallerToken { get; }

    /// <summary>Gets the token that is cancelled by the caller or when a step takes too long.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <inheritdoc cref="TryAsync{T}(Func{CancellationToken, Task{T}}, TimeSpan, IPutCall, CancellationToken)"/>
    public Task<NodeOutcome<T>> TryAsync<T>(Func<CancellationToken, Task<T>> step) => TryAsync(step, Limit, put: null, CallerToken);

    /// <summary>Runs a step of the call, which fails when the node does or when the step takes too long.</summary>
    /// <param name="step">The step. Its token ends it.</param>
    /// <param name="limit">The longest time of this step and those after it.</param>
    /// <param name="put">The put that the step belongs to, which may know better why it ended; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends this step only.</param>
    /// <returns>The result of the step, or the node's failure.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled the step or the call.</exception>
    public async Task<NodeOutcome<T>> TryAsync<T>(
        Func<CancellationToken, Task<T>> step, TimeSpan limit, IPutCall? put, CancellationToken cancellationToken)
    {
        using var both = cancellationToken == CallerToken || !cancellationToken.CanBeCanceled
            ? null
            : CancellationTokenSource.CreateLinkedTokenSource(Token, cancellationToken);
        ExtendTo(limit);
        try
        {
            return new(await step(both?.Token ?? Token), null);
        }
        catch (Exception exception) when (
            ChunkNodeErrors.IsCallFailure(exception) || (put is not null && exception is InvalidOperationException))
        {
            var cause = put is null ? exception : await put.FindCauseAsync(exception);
            ThrowIfCancelled(cause, CallerToken);
            ThrowIfCancelled(cause, cancellationToken);
            return new(default, ToFailure(cause));
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Starts the time of the current step again, with another limit.</summary>
    public void ExtendTo(TimeSpan limit)
    {
        Limit = limit;
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _cancellation.Dispose();
    }

    private static void ThrowIfCancelled(Exception cause, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The transfer was cancelled.", cause, cancellationToken);
        }
    }

    private ChunkNodeException ToFailure(Exception cause) => _hasExpired
        ? new(ChunkNodeError.TimedOut, _node, $"no progress for {Limit}", cause)
        : ChunkNodeErrors.From(cause, _node);

    private void Expire()
    {
        _hasExpired = true;
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment; there is nothing left to cancel.
        }
    }
}
