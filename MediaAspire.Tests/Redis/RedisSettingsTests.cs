using MediaAspire.Core.Redis;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Redis;

/// <summary>The check of Redis's settings, its health and its log, against real servers.</summary>
public sealed class RedisSettingsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("--appendonly", "no", "appendonly is 'no'")]
    [InlineData("--appendfsync", "everysec", "appendfsync is 'everysec'")]
    [InlineData("--maxmemory-policy", "allkeys-lru", "maxmemory-policy is 'allkeys-lru'")]
    public async Task A_process_in_production_ends_when_Redis_would_lose_data(string setting, string value, string expected)
    {
        await using var redis = await TestRedis.StartAsync(setting, value);
        using var process = Process(redis, Environments.Production);
        var exitCode = Environment.ExitCode;
        try
        {
            await process.Host.StartAsync();
            await process.EndedAsync();

            Assert.Equal(1, Environment.ExitCode);
            Assert.True(process.HasLogged(LogLevel.Critical, expected));
        }
        finally
        {
            Environment.ExitCode = exitCode;
        }
    }

    [Theory]
    [InlineData("Development", false)]
    [InlineData("Production", true)]
    public async Task Elsewhere_it_warns(string environment, bool isAllowed)
    {
        await using var redis = await TestRedis.StartAsync("--appendfsync", "no");
        using var process = Process(redis, environment, isAllowed);

        await process.Host.StartAsync();

        await Until.TrueAsync(
            "it warns", () => Task.FromResult(process.HasLogged(LogLevel.Warning, "UNSAFE: Redis's appendfsync is 'no'")));
        await process.Host.StopAsync();
    }

    [Fact]
    public async Task A_server_that_forbids_to_read_its_settings_is_accepted_with_a_hint()
    {
        await using var redis = await TestRedis.StartAsync("--user", "default", "on", "nopass", "~*", "&*", "+@all", "-config");
        using var process = Process(redis, Environments.Production);

        await process.Host.StartAsync();

        await Until.TrueAsync(
            "it warns", () => Task.FromResult(process.HasLogged(LogLevel.Warning, "does not let this process read its settings")));
        Assert.DoesNotContain(process.Messages, entry => entry.Level == LogLevel.Critical);
        await process.Host.StopAsync();
    }

    [Fact]
    public async Task A_process_without_Redis_starts_is_degraded_and_logs_each_outage_once()
    {
        await using var redis = await TestRedis.StartAsync();
        await redis.KillAsync();
        using var process = Process(redis, Environments.Production);

        await process.Host.StartAsync();
        Assert.Equal(HealthStatus.Degraded, await process.HealthAsync());
        await redis.RestartAsync();
        await Until.TrueAsync("it is healthy", async () => await process.HealthAsync() == HealthStatus.Healthy);
        await redis.KillAsync();
        await Until.TrueAsync("it is degraded", async () => await process.HealthAsync() == HealthStatus.Degraded);
        await redis.RestartAsync();
        await Until.TrueAsync("it is healthy", async () => await process.HealthAsync() == HealthStatus.Healthy);

        await Until.TrueAsync("it says so", () => Task.FromResult(process.Count("responds again") == 2));
        Assert.Equal(2, process.Count("does not respond: "));
        await process.Host.StopAsync();
        Assert.Equal(2, process.Count("does not respond: "));
    }

    private static RedisProcess Process(TestRedis redis, string environment, bool isAllowed = false) =>
        new(redis.ConnectionString, environment, isAllowed);

    /// <summary>A process that only has the connection to Redis.</summary>
    private sealed class RedisProcess : ILoggerProvider
    {
        private readonly List<(LogLevel Level, string Text)> _messages = [];

        public RedisProcess(string connectionString, string environment, bool isAllowed)
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
                new HostApplicationBuilderSettings { EnvironmentName = environment });
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:redis"] = connectionString,
                ["Redis:AllowUnsafeSettings"] = isAllowed.ToString(),
                ["Logging:LogLevel:StackExchange.Redis"] = "None",
            });
            builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
            builder.Logging.AddProvider(this);
            builder.AddMediaRedis();
            Host = builder.Build();
        }

        public IHost Host { get; }

        public IReadOnlyList<(LogLevel Level, string Text)> Messages
        {
            get
            {
                lock (_messages)
                {
                    return [.. _messages];
                }
            }
        }

        public int Count(string part) => Messages.Count(entry => entry.Text.Contains(part, StringComparison.Ordinal));

        public bool HasLogged(LogLevel level, string part) =>
            Messages.Any(entry => entry.Level == level && entry.Text.Contains(part, StringComparison.Ordinal));

        public async Task<HealthStatus> HealthAsync() =>
            (await Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

        public async Task EndedAsync()
        {
            var ended = new TaskCompletionSource();
            var lifetime = Host.Services.GetRequiredService<IHostApplicationLifetime>();
            using var registration = lifetime.ApplicationStopping.Register(ended.SetResult);
            await ended.Task.WaitAsync(s_patience);
        }

        public ILogger CreateLogger(string categoryName) => new Recorder(this);

        public void Dispose() => Host.Dispose();

        private sealed class Recorder(RedisProcess process) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                lock (process._messages)
                {
                    process._messages.Add((logLevel, formatter(state, exception)));
                }
            }
        }
    }
}
