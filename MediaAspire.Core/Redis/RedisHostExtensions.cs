using MediaAspire.Core.Jobs;
using MediaAspire.Core.Staging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace MediaAspire.Core.Redis;

/// <summary>Registers the connection to Redis, which keeps staged values and, where it is chosen, the jobs.</summary>
public static class RedisHostExtensions
{
    /// <summary>The connection string's name, and the AppHost's resource.</summary>
    public const string ConnectionName = "redis";

    private const int MillisecondsBetweenReconnects = 2000;

    /// <summary>Adds the connection named <see cref="ConnectionName"/>, with its health check and traces.</summary>
    public static TBuilder AddMediaRedis<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var jobs = TimeoutOf(JobOptions.SectionName, new JobOptions().CommandTimeout);
        var staging = TimeoutOf(StagingOptions.SectionName, new StagingOptions().CommandTimeout);
        builder.AddRedisClient(ConnectionName, configureOptions: options => Configure(options, jobs > staging ? jobs : staging));

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

        // The client's own pauses grow to 10 seconds. A Redis that is back is to be used soon.
        options.ReconnectRetryPolicy = new LinearRetry(MillisecondsBetweenReconnects);
    }
}
