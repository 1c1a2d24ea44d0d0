using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Aspire.Hosting.Redis;

/// <summary>Healthy when the server answers PING; keeps its connection from one check to the next.</summary>
internal sealed class RedisHealthCheck(Func<string?> connectionString) : IHealthCheck, IDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ConnectionMultiplexer? _connection;

    /// <exception cref="InvalidOperationException">The connection string is not known yet.</exception>
    /// <exception cref="RedisConnectionException">The server cannot be reached; the health service reports it as unhealthy.</exception>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var text = connectionString() ?? throw new InvalidOperationException("Connection string is unavailable");
        var connection = await ConnectAsync(text, cancellationToken);
        await connection.GetDatabase().PingAsync().WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connecting.Dispose();
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(string text, CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(text);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
