using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MediaAspire.AppHost.Engines.Postgres;

/// <summary>A health check that succeeds when a log-in with the password and a query succeed.</summary>
/// <param name="resource">The server or database.</param>
/// <param name="database">Database to connect to if the connection string does not name one.</param>
internal sealed class PostgresHealthCheck(IResourceWithConnectionString resource, string? database) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var settings = new NpgsqlConnectionStringBuilder(await resource.GetConnectionStringAsync(cancellationToken))
        {
            // A pooled connection would keep the server from a smart shutdown, which waits for its clients.
            Pooling = false,
            Timeout = 5,
            CommandTimeout = 5,
        };
        if (database is not null)
        {
            settings.Database = database;
        }

        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }
}
