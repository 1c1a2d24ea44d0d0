using MediaAspire.Core.Jobs;
using MediaAspire.Core.Jobs.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Harness;

internal sealed class PostgresJobEngine(PostgresFixture postgres) : IJobEngine
{
    public Task<JobEngineClient> OpenAsync(JobOptions? options = null) =>
        OpenAsync($"{postgres.ConnectionString};Max Auto Prepare=64;Maximum Pool Size=12", options ?? new JobOptions());

    public Task<JobEngineClient> OpenUnreachableAsync() => OpenAsync("Host=/nonexistent;Username=postgres;Timeout=1", new JobOptions());

    public Task ClearAsync() => postgres.ClearAsync("jobs", "dead_jobs");

    private static async Task<JobEngineClient> OpenAsync(string connectionString, JobOptions options)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        var listener = await RunningListener.StartAsync(database);
        var commands = new PostgresJobCommands(database, Options.Create(options));
        var signal = new PostgresJobSignal(commands, listener.Listener, TimeProvider.System, NullLogger<PostgresJobSignal>.Instance);
        var depth = new PostgresJobDepth(commands, Options.Create(options), TimeProvider.System);
        return new JobEngineClient(
            new PostgresJobQueue(commands, depth, signal, Options.Create(options)),
            new PostgresJobSource(commands, signal),
            new PostgresDeadJobs(commands, signal),
            new PostgresJobStats(commands),
            new Closing(listener, database));
    }

    private sealed class Closing(RunningListener listener, NpgsqlDataSource database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await listener.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
