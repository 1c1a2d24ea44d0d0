using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Database;

/// <summary>The check of the server's settings, against servers that have them.</summary>
public sealed class PostgresSettingsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_server_with_its_defaults_has_no_problems()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = Open(server);

        Assert.Empty((await PostgresSettings.ReadAsync(database, CancellationToken.None)).FindProblems(40, 97));
    }

    [Fact]
    public async Task Each_setting_that_loses_data_or_fails_requests_is_named_with_its_value_and_the_remedy()
    {
        await using var server = await PostgresServer.StartAsync(
            "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_locks_per_transaction=32");
        await using var database = Open(server);

        var problems = (await PostgresSettings.ReadAsync(database, CancellationToken.None)).FindProblems(40, 98);

        Assert.Collection(
            problems,
            fsync => Assert.Contains("Set fsync = on", fsync, StringComparison.Ordinal),
            pages => Assert.Contains("Set full_page_writes = on", pages, StringComparison.Ordinal),
            commit => Assert.Contains("Set synchronous_commit = on", commit, StringComparison.Ordinal),
            connections => Assert.Contains("98 connections", connections, StringComparison.Ordinal),
            locks => Assert.Contains("max_locks_per_transaction is 32", locks, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Production", false, true)]
    [InlineData("Staging", false, true)]
    [InlineData("Development", false, false)]
    [InlineData("Production", true, false)]
    public async Task A_process_ends_with_an_error_except_in_development_or_allowed(string environment, bool isAllowed, bool isRefused)
    {
        // The shared server runs with fsync = off.
        await using var database = Open(await PostgresServer.GetAsync());
        var lifetime = new SettingsChecks.Lifetime();
        var log = new Recorder();
        using var check = SettingsChecks.Create(database, isAllowed, environment: environment, lifetime: lifetime, logger: log);
        var exitCode = Environment.ExitCode;

        try
        {
            await check.StartAsync(CancellationToken.None);
            await Task.WhenAny(lifetime.Stopping, check.Accepted).WaitAsync(s_patience);

            Assert.Equal(isRefused, lifetime.Stopping.IsCompleted);
            Assert.Equal(!isRefused, check.Accepted.IsCompleted);
            Assert.Equal(isRefused ? 1 : exitCode, Environment.ExitCode);
            var (level, message) = Assert.Single(log.Messages);
            Assert.Equal(isRefused ? LogLevel.Critical : LogLevel.Warning, level);
            Assert.Contains("PostgreSQL's fsync is off", message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.ExitCode = exitCode;
            await check.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_process_that_starts_before_its_database_checks_it_when_it_answers()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await PostgresServer.StartAsync();
        var given = new NpgsqlConnectionStringBuilder(server.ConnectionStringOf("postgres"));
        var socket = Path.Combine(given.Host!, ".s.PGSQL.5432");
        given.Host = directory.Path;
        DatabaseHostExtensions.Configure(given);
        await using var database = NpgsqlDataSource.Create(given);
        using var check = SettingsChecks.Create(database);

        await check.StartAsync(CancellationToken.None);
        Assert.False(check.Accepted.IsCompleted);
        File.CreateSymbolicLink(Path.Combine(directory.Path, ".s.PGSQL.5432"), socket);

        await check.Accepted.WaitAsync(s_patience);
        await check.StopAsync(CancellationToken.None);
    }

    private static NpgsqlDataSource Open(PostgresServer server)
    {
        var connections = new NpgsqlConnectionStringBuilder(server.ConnectionStringOf("postgres"));
        DatabaseHostExtensions.Configure(connections);
        return NpgsqlDataSource.Create(connections);
    }

    private sealed class Recorder : ILogger<PostgresSettingsCheck>
    {
        public List<(LogLevel Level, string Message)> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Messages.Add((logLevel, formatter(state, exception)));
            }
        }
    }
}
