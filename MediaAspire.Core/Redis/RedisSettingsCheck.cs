using MediaAspire.Core.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Redis;

/// <summary>The check of <see cref="RedisSettings"/>. A process is ready before it: most requests do not need Redis.</summary>
/// <remarks>
/// It opens a connection of its own, because the client sends CONFIG only on connections that may also delete all data. Managed servers
/// forbid the command; then the log says what to check by hand.
/// </remarks>
internal sealed partial class RedisSettingsCheck(
    IOptions<ConfigurationOptions> connection,
    IOptions<RedisServerOptions> options,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RedisSettingsCheck> logger)
    : ServerSettingsCheck(options.Value.AllowUnsafeSettings, AllowingSetting, environment, lifetime, time, logger)
{
    private const string AllowingSetting = $"{RedisServerOptions.SectionName}:{nameof(RedisServerOptions.AllowUnsafeSettings)}";

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<string>?> FindProblemsAsync(CancellationToken cancellationToken)
    {
        var settings = connection.Value.Clone();
        settings.AllowAdmin = true;
        settings.AbortOnConnectFail = true;
        settings.ConnectRetry = 1;
        settings.LoggerFactory = NullLoggerFactory.Instance;
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(settings).WaitAsync(cancellationToken);
            var problems = new List<string>();
            foreach (var server in redis.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
            {
                problems.AddRange(RedisSettings.FindProblems(await ReadAsync(server, cancellationToken)));
            }

            return [.. problems.Distinct()];
        }
        catch (RedisServerException forbidden)
        {
            LogForbidden(forbidden.Message, string.Join(", ", RedisSettings.Names));
            return [];
        }
        catch (Exception unavailable) when (unavailable is RedisException or TimeoutException)
        {
            LogUnavailable(unavailable.Message);
            return null;
        }
    }

    private static async Task<Dictionary<string, string>> ReadAsync(IServer server, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>();
        foreach (var name in RedisSettings.Names)
        {
            foreach (var (key, value) in await server.ConfigGetAsync(name).WaitAsync(cancellationToken))
            {
                values[key] = value;
            }
        }

        return values;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Redis does not let this process read its settings ({Reason}), as many managed servers do not. Check them by hand: {Settings}; "
        + "docs/operations/database.md lists the required values")]
    private partial void LogForbidden(string reason, string settings);

    [LoggerMessage(LogLevel.Debug, "Redis's settings are not checked yet: {Reason}")]
    private partial void LogUnavailable(string reason);
}
