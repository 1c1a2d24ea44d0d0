using System.Globalization;
using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Database;

public sealed class MigrationJobTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Timeout=1")]
    [InlineData("Host=postgres.invalid;Timeout=1")]
    public async Task RunAsync_DatabaseNeverAnswers_FailsAfterItsPatience(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);

        Assert.False(await Job(database, TimeSpan.Zero).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_DatabaseAnswersLater_Migrates()
    {
        // Nothing listens there yet.
        using var directory = new TemporaryDirectory();
        var socket = Path.Combine(directory.Path, ".s.PGSQL.5432");
        var late = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Host = directory.Path };
        await using var database = NpgsqlDataSource.Create(late);

        var run = Job(database, TimeSpan.FromMinutes(1)).RunAsync(CancellationToken.None);
        Assert.False(run.IsCompleted);
        File.CreateSymbolicLink(socket, Path.Combine(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Host!, ".s.PGSQL.5432"));

        Assert.True(await run);
    }

    [Fact]
    public async Task RunAsync_DatabaseRefuses_FailsAtOnce()
    {
        var other = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "there-is-none" };
        await using var database = NpgsqlDataSource.Create(other);

        // The limit of a test, not the patience of the job.
        Assert.False(await Job(database, TimeSpan.FromDays(1)).RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task RunAsync_SettingsThatLoseDataInProduction_FailsBeforeItChangesAnything()
    {
        // The tests' server runs with fsync = off.
        await using var empty = await postgres.CreateEmptyAsync();

        Assert.False(await Job(empty, TimeSpan.Zero, isAllowed: false).RunAsync(CancellationToken.None));

        await using var tables = empty.CreateCommand("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace");
        Assert.Equal(0L, await tables.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("-00:00:01", false)]
    [InlineData("00:00:00", true)]
    [InlineData("1.00:00:00", true)]
    [InlineData("1.00:00:01", false)]
    public void Patience_OutOfRange_IsRefused(string patience, bool isAccepted)
    {
        var options = new MigrateOptions { Patience = TimeSpan.Parse(patience, CultureInfo.InvariantCulture) };

        Assert.Equal(isAccepted, new MigrateOptionsValidator().Validate(name: null, options).Succeeded);
    }

    private static MigrationJob Job(NpgsqlDataSource database, TimeSpan patience, bool isAllowed = true) => new(
        new MigrationRunner(database, NullLogger<MigrationRunner>.Instance),
        SettingsChecks.Create(database, isAllowed),
        Options.Create(new MigrateOptions { Patience = patience }),
        TimeProvider.System,
        NullLogger<MigrationJob>.Instance);
}
