using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks.Transfers;

/// <summary>The idle connections to one node.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TransferConnections(Uri address, TransferHello hello, ChunkOptions options, TimeProvider time) : IPutTransport
{
    // More would never be used at once: a node has one disk.
    private const int MostIdle = 32;

    private static readonly TimeSpan s_idleLifetime = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly List<TransferConnection> _idle = [];
    private bool _isDisposed;

    // The listener speaks HTTP only: a node behind a proxy, or of an older version.
    private volatile bool _isRefused = !options.DirectTransfers || address.Scheme != Uri.UriSchemeHttp;

    /// <inheritdoc/>
    public async ValueTask<IPutCall?> TryStartAsync(CallGuard guard) =>
        await RentAsync(guard.Token) is { } connection ? new TransferPutCall(address, this, connection, guard, options, time) : null;

    /// <summary>Takes an idle connection, or opens one.</summary>
    /// <returns>The connection; <see langword="null"/> when the node has to be called by gRPC.</returns>
    /// <inheritdoc cref="TransferConnection.OpenAsync"/>
    public async ValueTask<TransferConnection?> RentAsync(CancellationToken cancellationToken)
    {
        if (_isRefused)
        {
            return null;
        }

        while (TakeIdle() is { } idle)
        {
            // On an idle connection the only possible event is its end.
            if (!idle.HasReply)
            {
                return idle;
            }

            idle.Close();
        }

        var opened = await TransferConnection.OpenAsync(address, hello, options.ConnectTimeout, time, cancellationToken);
        _isRefused = opened is null;
        return opened;
    }

    /// <summary>Returns a connection whose put is sealed.</summary>
    public void Return(TransferConnection connection)
    {
        connection.UsedAt = time.GetTimestamp();
        TransferConnection? surplus = connection;
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _idle.Add(connection);

                // The last connection is taken first, so that surplus ones at the front expire.
                surplus = _idle.Count > MostIdle || time.GetElapsedTime(_idle[0].UsedAt) > s_idleLifetime ? _idle[0] : null;
                if (surplus is not null)
                {
                    _idle.RemoveAt(0);
                }
            }
        }

        surplus?.Close();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _idle.ForEach(connection => connection.Close());
            _idle.Clear();
        }
    }

    private TransferConnection? TakeIdle()
    {
        lock (_lock)
        {
            if (_idle.Count == 0)
            {
                return null;
            }

            var last = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return last;
        }
    }
}
