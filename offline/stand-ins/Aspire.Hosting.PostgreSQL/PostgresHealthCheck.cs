using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting.Postgres;

/// <summary>Healthy when the server answers a query in the database.</summary>
internal sealed class PostgresHealthCheck(Func<string?> connectionString) : IHealthCheck
{
    /// <exception cref="InvalidOperationException">The connection string is not known yet.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached or refuses; the health service reports it as unhealthy.</exception>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var text = connectionString() ?? throw new InvalidOperationException("Connection string is unavailable");

        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
