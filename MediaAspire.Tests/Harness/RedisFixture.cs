using MediaAspire.Core.Jobs;
using MediaAspire.Core.Redis;
using StackExchange.Redis;

namespace MediaAspire.Tests.Harness;

/// <summary>A <see cref="TestRedis"/> for the tests of a class, with a new connection after each start.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private TestRedis? _server;

    public string ConnectionString => $"{Server.Address},allowAdmin=true,abortConnect=false,connectTimeout=5000";

    public ConnectionMultiplexer Connection { get; private set; } = null!;

    private TestRedis Server => _server ?? throw new InvalidOperationException("Redis is not started.");

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            Connection?.Dispose();
            await _server.DisposeAsync();
        }
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectAsync(ConnectionString);

    /// <summary>Connects as the product's processes do.</summary>
    /// <param name="connectionString">The server.</param>
    /// <param name="commandTimeout">The limit of a command; that of the job queue by default.</param>
    public static Task<ConnectionMultiplexer> ConnectAsync(string connectionString, TimeSpan? commandTimeout = null)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        RedisHostExtensions.Configure(options, commandTimeout ?? new JobOptions().CommandTimeout);
        return ConnectionMultiplexer.ConnectAsync(options).WaitAsync(s_patience);
    }

    public Task ClearAsync() => Connection.GetDatabase().ExecuteAsync("FLUSHALL").WaitAsync(s_patience);

    /// <summary>Starts the server and waits until it responds.</summary>
    public async Task StartAsync()
    {
        if (_server is null)
        {
            _server = await TestRedis.StartAsync();
        }
        else
        {
            await _server.RestartAsync();
        }

        // A connection from before the kill would reconnect only after a while.
        Connection = await ConnectAsync();
    }

    /// <summary>Ends the server by SIGKILL.</summary>
    public async Task KillAsync()
    {
        Connection.Dispose();
        await Server.KillAsync();
    }
}
