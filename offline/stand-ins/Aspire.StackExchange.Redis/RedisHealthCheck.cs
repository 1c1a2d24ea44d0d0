using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Healthy when the server answers PING over the application's own connection.</summary>
internal sealed class RedisHealthCheck(Func<IConnectionMultiplexer> resolveConnection) : IHealthCheck
{
    /// <exception cref="RedisConnectionException">The server cannot be reached; the health service reports it as unhealthy.</exception>
    /// <exception cref="TimeoutException">It gave no answer at all; likewise.</exception>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // The first resolution connects, which blocks: a probe's thread must not wait for it beyond its own token.
        var connection = await Task.Run(resolveConnection, cancellationToken).WaitAsync(cancellationToken);
        await connection.GetDatabase().PingAsync().WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
