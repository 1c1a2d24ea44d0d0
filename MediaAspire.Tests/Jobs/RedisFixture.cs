using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace MediaAspire.Tests.Jobs;

/// <summary>A Redis of the tests' own that fsyncs every write, in a temporary directory, on a free port of this machine.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("mediaaspire-redis-").FullName;
    private readonly int _port = FreePort();
    private Process? _server;

    public string ConnectionString => $"127.0.0.1:{_port},allowAdmin=true,abortConnect=false,connectTimeout=5000";

    public ConnectionMultiplexer Connection { get; private set; } = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_root, recursive: true);
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(ConnectionString).WaitAsync(TimeSpan.FromSeconds(30));

    public Task ClearAsync() => Connection.GetDatabase().ExecuteAsync("FLUSHALL").WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Starts the server, and returns when it answers.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", $"{_port}", "--dir", _root, "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        ];
        _server = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("These tests need redis-server; Debian's package is redis-server.");
        _server.OutputDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await AnswersAsync(limit.Token))
        {
            Assert.False(_server.HasExited, "Redis ended before it was ready.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        // One that knew the server before it was killed would take its time to find it again.
        Connection = await ConnectAsync();
    }

    /// <summary>Ends the server by SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_server is { } server)
        {
            Connection.Dispose();
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
            _server = null;
        }
    }

    // By hand, because a client that was refused once takes its time to try again.
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[5];
            await client.GetStream().ReadExactlyAsync(answer, cancellationToken);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

[CollectionDefinition(Name)]
public sealed class RedisTests : ICollectionFixture<RedisFixture>
{
    public const string Name = "Redis";
}
