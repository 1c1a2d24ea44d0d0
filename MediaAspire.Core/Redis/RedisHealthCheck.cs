using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace MediaAspire.Core.Redis;

/// <summary>A health check that Redis responds. Without it the process is degraded, and ready: most requests do not need it.</summary>
internal sealed class RedisHealthCheck(IServiceProvider services) : IHealthCheck
{
    // Below the limit of all checks, so that the description names the server.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Found here and not in the constructor: opening the connection may fail.
        var connection = (IConnectionMultiplexer)services.GetService(typeof(IConnectionMultiplexer))!;
        try
        {
            await connection.GetDatabase().PingAsync().WaitAsync(s_limit, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus,
                "Redis does not respond. Puts and reads of staged files fail, and jobs if their queue is in Redis; all else works.");
        }
    }
}
