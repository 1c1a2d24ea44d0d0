using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Database;

public sealed class ConnectionSettingsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_session_has_the_limits_of_its_process()
    {
        var connections = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        ConnectionSettings.Apply(
            connections,
            new() { LockTimeout = TimeSpan.FromMilliseconds(1234), IdleInTransactionTimeout = TimeSpan.FromSeconds(5), PoolSize = 7 });
        await using var database = NpgsqlDataSource.Create(connections);

        await using var command = database.CreateCommand(
            "SELECT current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')");

        Assert.Equal("1234ms 5s", await command.ExecuteScalarAsync());
        Assert.Equal(7, connections.MaxPoolSize);
    }

    [Fact]
    public async Task What_a_connection_string_names_has_precedence()
    {
        var connections = new NpgsqlConnectionStringBuilder(
            $"{postgres.ConnectionString};Maximum Pool Size=3;Options=-c lock_timeout=99");
        ConnectionSettings.Apply(connections, new() { PoolSize = 7 });
        await using var database = NpgsqlDataSource.Create(connections);

        await using var command = database.CreateCommand("SELECT current_setting('lock_timeout')");

        Assert.Equal("99ms", await command.ExecuteScalarAsync());
        Assert.Equal(3, connections.MaxPoolSize);
    }

    [Theory]
    [InlineData("Host=db.example", true)]
    [InlineData("Host=10.0.0.1,10.0.0.2", true)]
    [InlineData("Host=/var/run/postgresql", false)]
    [InlineData("Host=@abstract", false)]
    public void A_vanished_server_is_noticed_on_connections_that_can_tell(string connectionString, bool isExpected)
    {
        var connections = new NpgsqlConnectionStringBuilder(connectionString);

        ConnectionSettings.Apply(connections, new());

        Assert.Equal(isExpected, connections.TcpKeepAlive);
        Assert.Equal(isExpected ? 30 : 0, connections.TcpKeepAliveTime);
    }

    [Fact]
    public async Task A_process_that_hangs_in_a_transaction_loses_its_locks_and_another_one_that_waits_gets_them()
    {
        var connections = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        ConnectionSettings.Apply(connections, new() { IdleInTransactionTimeout = TimeSpan.FromMilliseconds(300) });
        await using var database = NpgsqlDataSource.Create(connections);
        await using var hanging = await database.OpenConnectionAsync();
        await using var transaction = await hanging.BeginTransactionAsync();
        await ExecuteAsync(hanging, "SELECT pg_advisory_xact_lock(4711)");

        await using var waiting = await database.OpenConnectionAsync();
        await ExecuteAsync(waiting, "SELECT pg_advisory_lock(4711)").WaitAsync(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
    }

    [Fact]
    public async Task A_statement_that_waits_too_long_for_a_lock_fails_as_one_to_try_again()
    {
        var connections = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        ConnectionSettings.Apply(connections, new() { LockTimeout = TimeSpan.FromMilliseconds(100) });
        await using var database = NpgsqlDataSource.Create(connections);
        await using var holder = await database.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await ExecuteAsync(holder, "SELECT pg_advisory_xact_lock(4712)");

        await using var waiting = await database.OpenConnectionAsync();
        var failure = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(waiting, "SELECT pg_advisory_lock(4712)"));

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, failure.SqlState);
        Assert.True(failure.IsTransient);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
