using MediaAspire.Core.Database;
using MediaAspire.Tests.Cluster;
using MediaAspire.Tests.Sweeping;
using Npgsql;

namespace MediaAspire.Tests.Database;

/// <summary>What nobody undoes when a connection goes back to the pool, its users have to undo.</summary>
[Collection(PostgresTests.Name)]
public sealed class DatabaseListenerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_listener_hears_signals_and_leaves_a_connection_that_hears_none()
    {
        await using var database = OneConnection();
        var heard = new List<string>();
        await using (var listener = await database.ListenAsync("tests_channel", default))
        {
            listener.Notification += (_, signal) => heard.Add(signal.Payload);
            await postgres.ExecuteAsync("SELECT pg_notify('tests_channel', 'first')");
            await listener.WaitAsync(default);
        }

        Assert.Equal(["first"], heard);
        await using var command = database.CreateCommand("SELECT count(*) FROM pg_listening_channels()");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_listener_whose_connection_is_lost_can_be_disposed()
    {
        await using var database = OneConnection();
        var listener = await database.ListenAsync("tests_channel", default);
        await postgres.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'one'");

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => listener.WaitAsync(default));
        await listener.DisposeAsync();

        await using var command = database.CreateCommand("SELECT 1");
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_transaction_that_is_left_open_is_undone_before_its_connection_is_used_again()
    {
        await using var database = OneConnection();
        await using (var connection = await database.OpenConnectionAsync())
        {
            await connection.BeginTransactionAsync();
            await using var insert = new NpgsqlCommand(
                "INSERT INTO abandoned_versions (version) VALUES ('00000000-0000-7000-8000-00000000beef'); SELECT set_config('lock_timeout', '7', true)",
                connection);
            await insert.ExecuteNonQueryAsync();
        }

        await using var command = database.CreateCommand(
            "SELECT (SELECT count(*) FROM abandoned_versions WHERE version = '00000000-0000-7000-8000-00000000beef') || current_setting('lock_timeout')");
        Assert.Equal("00", await command.ExecuteScalarAsync());
    }

    private NpgsqlDataSource OneConnection()
    {
        var connections = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 1, ApplicationName = "one" };
        DatabaseHostExtensions.Configure(connections);
        return NpgsqlDataSource.Create(connections);
    }
}
