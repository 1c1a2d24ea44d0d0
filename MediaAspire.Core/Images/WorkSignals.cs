using MediaAspire.Core.Database;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>Waits for work of other processes, such as a variant that a worker makes. Thread-safe.</summary>
/// <remarks>
/// One subscription serves every wait of the process. A transaction that stores a result sends <see cref="Notify"/>, so that the signal
/// comes exactly when the result is visible.
/// </remarks>
public sealed class WorkSignals : IDisposable
{
    public const string Channel = "image_work";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Waiters> _waiting = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public WorkSignals(DatabaseListener listener, TimeProvider time)
    {
        _time = time;
        _subscription = listener.Subscribe(Channel, Receive);
    }

    /// <summary>Signals the end of the work with a key, when the transaction of the statement commits.</summary>
    /// <param name="key">The key of the work, of at most 7,000 bytes.</param>
    public static NpgsqlBatchCommand Notify(string key) =>
        new("SELECT pg_notify($1, $2)") { Parameters = { new() { Value = Channel }, new() { Value = key } } };

    /// <summary>Waits until a check has a result.</summary>
    /// <param name="key">The key of the work.</param>
    /// <param name="check">
    /// Looks for the result: at the start, after each signal of the key, after signals may have been missed, and at the limit. It returns
    /// <see langword="null"/> while there is none.
    /// </param>
    /// <param name="limit">The longest time to wait.</param>
    /// <param name="cancellationToken">Ends the wait; the work goes on.</param>
    /// <returns>The result; <see langword="null"/> when there is none at the limit.</returns>
    public async Task<T?> WaitAsync<T>(
        string key, Func<CancellationToken, Task<T?>> check, TimeSpan limit, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(check);

        using var limited = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        var waiters = Enter(key);
        try
        {
            while (true)
            {
                // Taken before the check, so that a signal that comes meanwhile is not missed.
                var next = waiters.Next;
                var isOver = limited.IsCancellationRequested;
                if (await check(cancellationToken) is { } result)
                {
                    return result;
                }

                if (isOver)
                {
                    return null;
                }

                await next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Leave(key, waiters);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void Receive(string? key)
    {
        lock (_lock)
        {
            if (key is null)
            {
                foreach (var waiters in _waiting.Values)
                {
                    waiters.Signal();
                }
            }
            else if (_waiting.TryGetValue(key, out var waiters))
            {
                waiters.Signal();
            }
        }
    }

    private Waiters Enter(string key)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(key, out var waiters))
            {
                _waiting.Add(key, waiters = new Waiters());
            }

            waiters.Count++;
            return waiters;
        }
    }

    private void Leave(string key, Waiters waiters)
    {
        lock (_lock)
        {
            if (--waiters.Count == 0)
            {
                _waiting.Remove(key);
            }
        }
    }

    /// <summary>The waits for one key.</summary>
    private sealed class Waiters
    {
        private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; set; }

        public Task Next => _next.Task;

        public void Signal()
        {
            var signalled = _next;
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled.SetResult();
        }
    }
}
