using MediaAspire.Core.Jobs;
using MediaAspire.Core.Staging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace MediaAspire.Core.Redis;

/// <summary>Registers the connection to Redis, which keeps staged values and, where it is chosen, the jobs.</summary>
public static class RedisHostExtensions
{
    /// <summary>The connection string's name, and the AppHost's resource.</summary>
    public const string ConnectionName = "redis";

    private const int MillisecondsBetweenReconnects = 2000;

    /// <summary>
    /// Adds the connection named <see cref="ConnectionName"/>, with its health check, its log, its traces, and the check of the server's
    /// settings. The process starts and is ready without Redis.
    /// </summary>
    public static TBuilder AddMediaRedis<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var jobs = TimeoutOf(JobOptions.SectionName, new JobOptions().CommandTimeout);
        var staging = TimeoutOf(StagingOptions.SectionName, new StagingOptions().CommandTimeout);
        builder.AddRedisClient(
            ConnectionName,
            settings => settings.DisableHealthChecks = true,
            options => Configure(options, jobs > staging ? jobs : staging));
        builder.Services.AddOptions<RedisServerOptions>().BindConfiguration(RedisServerOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<RedisConnectionLog>();
        builder.Services.AddHostedService<RedisSettingsCheck>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            ConnectionName, services => new RedisHealthCheck(services), HealthStatus.Degraded, tags: null));

        return builder;

        TimeSpan TimeoutOf(string section, TimeSpan usual) =>
            builder.Configuration.GetSection(section).GetValue(nameof(StagingOptions.CommandTimeout), usual);
    }

    /// <summary>Sets how every process uses its connection.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="longestCommand">The longest time that a caller waits for a command.</param>
    internal static void Configure(ConfigurationOptions options, TimeSpan longestCommand)
    {
        // The client would queue commands while it is not connected, and send them after their caller was told that they failed.
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // Callers have limits of their own; the client's, 5 seconds unless it is set, would cut longer ones short.
        options.AsyncTimeout = (int)longestCommand.TotalMilliseconds;

        // A start does not wait long for a Redis that does not respond; the client goes on connecting in the background.
        options.ConnectRetry = 1;

        // The client's own pauses grow to 10 seconds. A Redis that is back is to be used soon.
        options.ReconnectRetryPolicy = new LinearRetry(MillisecondsBetweenReconnects);
    }
}
