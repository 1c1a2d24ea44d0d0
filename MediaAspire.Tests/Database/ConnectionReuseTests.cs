using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Database;

/// <summary>State that one user of a pooled connection leaves must not reach the next, though connections are not reset.</summary>
public sealed class ConnectionReuseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_transaction_that_is_left_open_is_undone_before_its_connection_is_used_again()
    {
        var connections = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 1 };
        DatabaseHostExtensions.Configure(connections);
        await using var database = NpgsqlDataSource.Create(connections);
        await using (var connection = await database.OpenConnectionAsync())
        {
            await connection.BeginTransactionAsync();
            await using var insert = new NpgsqlCommand(
                """
                INSERT INTO abandoned_versions (version) VALUES ('00000000-0000-7000-8000-00000000beef');
                SELECT set_config('lock_timeout', '7', true)
                """,
                connection);
            await insert.ExecuteNonQueryAsync();
        }

        await using var command = database.CreateCommand("""
            SELECT (SELECT count(*) FROM abandoned_versions WHERE version = '00000000-0000-7000-8000-00000000beef')
                || current_setting('lock_timeout')
            """);
        Assert.Equal("020s", await command.ExecuteScalarAsync());
    }
}
