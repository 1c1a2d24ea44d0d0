using System.Net.Sockets;
using System.Text;
using MediaAspire.Tests.Cluster;
using Npgsql;

namespace MediaAspire.Tests.Files;

/// <summary>Stands between a client and PostgreSQL, and can break a connection at the moment of its COMMIT.</summary>
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
    /// <param name="reachesTheServer">Whether the COMMIT still gets through, so that only its answer is lost.</param>
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

    /// <summary>Gets the database as reached through here.</summary>
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
            await Task.WhenAny(PumpAsync(client, server, watch: true), PumpAsync(server, client, watch: false));
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool watch)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                if (watch && _isArmed && Encoding.ASCII.GetString(buffer, 0, read).Contains("COMMIT\0", StringComparison.Ordinal))
                {
                    (_isArmed, _hasBroken) = (false, true);
                    if (_reachesTheServer)
                    {
                        await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
                    }

                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has gone; so does the other.
        }
    }
}
