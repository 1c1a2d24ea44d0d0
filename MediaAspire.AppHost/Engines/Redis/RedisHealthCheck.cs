using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace MediaAspire.AppHost.Engines.Redis;

/// <summary>A health check that succeeds when a log-in with the password and a PING succeed.</summary>
internal sealed class RedisHealthCheck(IResourceWithConnectionString resource) : IHealthCheck
{
    private const int PatienceMilliseconds = 5000;

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connectionString = await resource.GetConnectionStringAsync(cancellationToken);
        var settings = ConfigurationOptions.Parse(connectionString ?? "");
        settings.ConnectTimeout = PatienceMilliseconds;
        settings.AbortOnConnectFail = true;

        // The check itself is repeated; each of the client's three attempts would use up the whole timeout.
        settings.ConnectRetry = 1;
        try
        {
            using var connection = await ConnectionMultiplexer.ConnectAsync(settings).WaitAsync(cancellationToken);
            await connection.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }
}
