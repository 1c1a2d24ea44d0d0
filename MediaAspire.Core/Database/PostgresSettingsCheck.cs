using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>The check of <see cref="PostgresSettings"/>. The process is not ready before it.</summary>
public sealed partial class PostgresSettingsCheck(
    NpgsqlDataSource database,
    IOptions<DatabaseOptions> options,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PostgresSettingsCheck> logger)
    : ServerSettingsCheck(options.Value.AllowUnsafeSettings, AllowingSetting, environment, lifetime, time, logger), IHealthCheck
{
    private const string AllowingSetting = $"{DatabaseOptions.SectionName}:{nameof(DatabaseOptions.AllowUnsafeSettings)}";

    private readonly IHostEnvironment _environment = environment;

    /// <summary>Checks the settings once, for a command that has no other duty.</summary>
    /// <returns>True when the command may run.</returns>
    /// <exception cref="NpgsqlException">The server does not answer, or refuses.</exception>
    public async Task<bool> CheckOnceAsync(CancellationToken cancellationToken)
    {
        var problems = await ReadProblemsAsync(ownConnections: 1, cancellationToken);
        return Judge(problems, options.Value.AllowUnsafeSettings, AllowingSetting, _environment, logger);
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Accepted.IsCompletedSuccessfully
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "PostgreSQL's settings are not checked yet."));

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<string>?> FindProblemsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadProblemsAsync(
                new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or SocketException or TimeoutException)
        {
            LogUnavailable(exception.Message);
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> ReadProblemsAsync(int ownConnections, CancellationToken cancellationToken)
    {
        var settings = await PostgresSettings.ReadAsync(database, cancellationToken);
        return settings.FindProblems(ownConnections, options.Value.TotalConnections);
    }

    [LoggerMessage(LogLevel.Debug, "PostgreSQL's settings are not checked yet: {Reason}")]
    private partial void LogUnavailable(string reason);
}
