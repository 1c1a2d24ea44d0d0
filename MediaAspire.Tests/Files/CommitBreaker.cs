using System.Net.Sockets;
using System.Text;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Files;

/// <summary>A proxy between a client and PostgreSQL that can break a connection at the moment of its COMMIT.</summary>
internal sealed class CommitBreaker : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mediaaspire-proxy-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _target;
    private readonly bool _reachesTheServer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile bool _isArmed;
    private volatile bool _hasBroken;

    /// <param name="postgres">The server.</param>
    /// <param name="reachesTheServer">True to forward the COMMIT and lose only its response.</param>
    public CommitBreaker(PostgresFixture postgres, bool reachesTheServer)
    {
        _reachesTheServer = reachesTheServer;
        var direct = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        _target = Path.Combine(direct.Host!, ".s.PGSQL.5432");
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, ".s.PGSQL.5432")));
        _listener.Listen();
        _accepting = AcceptAsync();
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Host = _directory.FullName });
    }

    /// <summary>Gets the database, through the proxy.</summary>
    public NpgsqlDataSource Database { get; }

    public bool HasBroken => _hasBroken;

    public void BreakAtCommit() => _isArmed = true;

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ForwardAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await server.ConnectAsync(new UnixDomainSocketEndPoint(_target));
        using (client)
        {
            using var cut = new CancellationTokenSource();
            await Task.WhenAny(
                PumpRequestsAsync(client, server, cut), PumpAsync(server, client, _ => Task.FromResult(!cut.IsCancellationRequested)));
        }
    }

    private Task PumpRequestsAsync(Socket client, Socket server, CancellationTokenSource cut) => PumpAsync(client, server, async sent =>
    {
        // Statements in one batch commit implicitly. Those of a short file are a batch.
        var text = _isArmed ? Encoding.ASCII.GetString(sent.Span) : "";
        if (!text.Contains("COMMIT\0", StringComparison.Ordinal) && !text.Contains("store_short_file(", StringComparison.Ordinal))
        {
            return true;
        }

        // The connection is cut before the response.
        await cut.CancelAsync();
        (_isArmed, _hasBroken) = (false, true);
        if (_reachesTheServer)
        {
            await server.SendAsync(sent, _stop.Token);
        }

        return false;
    });

    /// <summary>Forwards bytes until one side disconnects or <paramref name="mayPass"/> rejects them.</summary>
    private async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, Task<bool>> mayPass)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read && await mayPass(buffer.AsMemory(0, read)))
            {
                await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has disconnected, so the other one is closed too.
        }
    }
}
