using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>A migrated database of a test class's own, on the run's <see cref="PostgresServer"/>.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    /// <summary>The cluster id of the database.</summary>
    public static readonly ClusterId Cluster = PostgresServer.Cluster;

    private PostgresServer? _server;
    private string? _name;

    /// <summary>Gets the connection string, for code that opens the database by itself.</summary>
    public string ConnectionString => ConnectionStringOf(_name ?? throw new InvalidOperationException("The database is not created yet."));

    public NpgsqlDataSource Database { get; private set; } = null!;

    private PostgresServer Server => _server ?? throw new InvalidOperationException("PostgreSQL is not started.");

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.GetAsync();
        _name = await Server.CreateDatabaseAsync();

        // As in the product's processes.
        var connections = new NpgsqlConnectionStringBuilder(ConnectionString);
        DatabaseHostExtensions.Configure(connections);
        Database = NpgsqlDataSource.Create(connections);
    }

    /// <summary>Gets the connection string of another database of the same server.</summary>
    public string ConnectionStringOf(string database) => Server.ConnectionStringOf(database);

    /// <summary>Sets the time from which silence counts: always by default, as PostgreSQL was only just started.</summary>
    public async Task ServeSinceAsync(string timestamp)
    {
        await using var command = Database.CreateCommand(ServingSince(timestamp));
        await command.ExecuteNonQueryAsync();
    }

    public async Task ClearAsync()
    {
        await using var command = Database.CreateCommand("TRUNCATE storage_servers CASCADE");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Counts the database's sessions that wait for a lock.</summary>
    public async Task<long> CountWaitingAsync()
    {
        await using var command = Database.CreateCommand(
            """
            SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE NOT granted AND datname = current_database()
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task DisposeAsync()
    {
        if (_name is not null)
        {
            await Database.DisposeAsync();
            await Server.DropDatabaseAsync(_name);
        }
    }

    internal static string ServingSince(string timestamp) => $"""
        CREATE OR REPLACE FUNCTION serving_since() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT {timestamp}::timestamptz $$
        """;
}
