using MediaAspire.Core.Jobs;
using MediaAspire.Core.Jobs.Postgres;
using MediaAspire.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Jobs;

internal sealed class PostgresJobEngine(PostgresFixture postgres) : IJobEngine
{
    public Task<JobEngineClient> OpenAsync(JobOptions? options = null) =>
        Task.FromResult(Open($"{postgres.ConnectionString};Max Auto Prepare=64;Maximum Pool Size=12", options ?? new JobOptions()));

    public Task<JobEngineClient> OpenUnreachableAsync() =>
        Task.FromResult(Open("Host=/nonexistent;Username=postgres;Timeout=1", new JobOptions()));

    public async Task ClearAsync()
    {
        await using var command = postgres.Database.CreateCommand("TRUNCATE jobs, dead_jobs");
        await command.ExecuteNonQueryAsync();
    }

    private static JobEngineClient Open(string connectionString, JobOptions options)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        var commands = new PostgresJobCommands(database, Options.Create(options));
        var bell = new PostgresJobBell(commands, database, TimeProvider.System, NullLogger<PostgresJobBell>.Instance);
        var depth = new PostgresJobDepth(commands, Options.Create(options), TimeProvider.System);
        return new JobEngineClient(
            new PostgresJobQueue(commands, depth, bell, Options.Create(options)),
            new PostgresJobSource(commands, bell),
            new PostgresDeadJobs(commands, bell),
            new PostgresJobStats(commands),
            database);
    }
}
