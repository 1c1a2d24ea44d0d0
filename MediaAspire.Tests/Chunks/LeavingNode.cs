using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MediaAspire.Tests.Chunks;

/// <summary>
/// Receives bytes until the connection's window is full, then reports by GOAWAY that it has processed no request, as a server does that
/// stops, or that rejects another request's frames. It does not respond on later connections.
/// </summary>
internal sealed class LeavingNode : IAsyncDisposable
{
    // By RFC 9113.
    private const int PrefaceBytes = 24;
    private const int HeaderBytes = 9;
    private const byte Data = 0;
    private const int Window = 65_535;

    private static readonly byte[] s_emptySettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    // Last stream 0, no error.
    private static readonly byte[] s_goAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _leaving;

    public LeavingNode()
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _leaving = LeaveAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _leaving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task LeaveAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
        await using var stream = client.GetStream();
        await stream.ReadExactlyAsync(new byte[PrefaceBytes], _stop.Token);
        await stream.WriteAsync(s_emptySettings, _stop.Token);

        var header = new byte[HeaderBytes];
        for (var taken = 0; taken < Window;)
        {
            await stream.ReadExactlyAsync(header, _stop.Token);
            var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(header) >> 8);
            await stream.ReadExactlyAsync(new byte[length], _stop.Token);
            taken += header[3] == Data ? length : 0;
        }

        await stream.WriteAsync(s_goAway, _stop.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
    }
}
