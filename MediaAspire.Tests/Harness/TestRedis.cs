using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MediaAspire.Core.Redis;
using StackExchange.Redis;

namespace MediaAspire.Tests.Harness;

/// <summary>
/// A Redis server of a test, as durable as the graph's, that can be killed, paused and restarted on its data.
/// </summary>
internal sealed class TestRedis : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string[] _settings;
    private readonly int _port = FreePorts.Next();
    private Process _server;

    private TestRedis(string[] settings)
    {
        _settings = settings;
        _server = StartServer();
    }

    /// <summary>Gets host and port, for other connection strings.</summary>
    public string Address => $"127.0.0.1:{_port}";

    public string ConnectionString => $"{Address},abortConnect=false,connectTimeout=2000";

    /// <param name="settings">Arguments of <c>redis-server</c>, such as <c>--maxmemory 10mb</c>.</param>
    public static async Task<TestRedis> StartAsync(params string[] settings)
    {
        var redis = new TestRedis(settings);
        try
        {
            await redis.WaitUntilReadyAsync();
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects as the product's processes do.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync()
    {
        var options = ConfigurationOptions.Parse(ConnectionString);
        RedisHostExtensions.Configure(options, TimeSpan.FromSeconds(5));
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    public async Task KillAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
    }

    public async Task RestartAsync()
    {
        _server.Dispose();
        _server = StartServer();
        await WaitUntilReadyAsync();
    }

    /// <summary>Sends a signal as <c>kill</c> does: STOP pauses the server, CONT resumes it.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _server.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Runs a command on a connection of its own.</summary>
    public async Task<RedisResult> ExecuteAsync(string command, params object[] arguments)
    {
        var options = ConfigurationOptions.Parse(ConnectionString);
        options.AllowAdmin = true;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    /// <summary>Copies the data as it is now. The server is paused meanwhile, so that its files fit together.</summary>
    public void CopyData(string directory)
    {
        Signal("STOP");
        Copy(_directory.Path, directory);
        Signal("CONT");
    }

    /// <summary>Replaces the data of a server that was killed.</summary>
    public void ReplaceData(string directory) => Copy(directory, _directory.Path);

    public async ValueTask DisposeAsync()
    {
        if (!_server.HasExited)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
        }

        _server.Dispose();
        _directory.Dispose();
    }

    private Process StartServer()
    {
        var server = Process.Start(new ProcessStartInfo(
            "redis-server",
            [
                "--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _directory.Path, "--appendonly", "yes", "--appendfsync", "always",
                "--save", "", .. _settings,
            ])
        {
            RedirectStandardOutput = true,
        })!;
        server.BeginOutputReadLine();
        return server;
    }

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await AnswersAsync(limit.Token))
        {
            Assert.False(_server.HasExited, "Redis ended before it was ready.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[5];
            await client.GetStream().ReadExactlyAsync(answer, cancellationToken);

            // Any other response is -LOADING.
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
