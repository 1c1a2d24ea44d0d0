using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>A migrated database of a test class's own, on the run's <see cref="PostgresServer"/>.</summary>
public sealed class PostgresFixture : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>The cluster id of the database.</summary>
    public static readonly ClusterId Cluster = PostgresServer.Cluster;

    private PostgresServer? _server;
    private string? _name;

    /// <summary>Gets the connection string, for code that opens the database by itself.</summary>
    public string ConnectionString => ConnectionStringOf(_name ?? throw new InvalidOperationException("The database is not created yet."));

    public NpgsqlDataSource Database { get; private set; } = null!;

    private PostgresServer Server => _server ?? throw new InvalidOperationException("PostgreSQL is not started.");

    /// <summary>Creates a database on a server of a test's own.</summary>
    internal static async Task<PostgresFixture> CreateOnAsync(PostgresServer server)
    {
        var fixture = new PostgresFixture();
        await fixture.InitializeAsync(server);
        return fixture;
    }

    public async Task InitializeAsync() => await InitializeAsync(await PostgresServer.GetAsync());

    private async Task InitializeAsync(PostgresServer server)
    {
        _server = server;
        _name = await Server.CreateDatabaseAsync();

        // As in the product's processes.
        var connections = new NpgsqlConnectionStringBuilder(ConnectionString);
        DatabaseHostExtensions.Configure(connections);
        Database = NpgsqlDataSource.Create(connections);
    }

    /// <summary>Gets the connection string of another database of the same server.</summary>
    public string ConnectionStringOf(string database) => Server.ConnectionStringOf(database);

    /// <summary>Creates a database without tables beside this one; it exists until the server ends.</summary>
    internal async Task<NpgsqlDataSource> CreateEmptyAsync() => NpgsqlDataSource.Create(
        Server.ConnectionStringOf(await Server.CreateEmptyDatabaseAsync()) + ";Pooling=false");

    /// <summary>Sets the time from which silence counts: always by default, as PostgreSQL was only just started.</summary>
    public async Task ServeSinceAsync(string timestamp)
    {
        await using var command = Database.CreateCommand(ServingSince(timestamp));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Empties the tables of servers and chunks.</summary>
    public Task ClearAsync() => ClearAsync("storage_servers", "detected_restores");

    /// <summary>Empties tables and all that refer to them, as <c>TRUNCATE … CASCADE</c> does.</summary>
    public async Task ClearAsync(params string[] tables)
    {
        await using var command = Database.CreateCommand("SELECT clear_tables($1)");
        command.Parameters.Add(new() { Value = tables });
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

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    public async Task DisposeAsync()
    {
        if (_name is not null)
        {
            await Database.DisposeAsync();
            await Server.DropDatabaseAsync(_name);
        }
    }

    /// <summary>Gets the statement that creates the function of <see cref="ClearAsync(string[])"/>.</summary>
    /// <remarks>
    /// TRUNCATE gives each table and index a new file, about a hundred in all, which takes longer than most tests. Deleting the few rows of
    /// a test does not; triggers and foreign keys are off meanwhile.
    /// </remarks>
    internal const string CreateClearTables =
        """
        CREATE FUNCTION clear_tables(roots text[]) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            cleared regclass[];
            cleared_table regclass;
        BEGIN
            WITH RECURSIVE reached AS (
                SELECT unnest(roots)::regclass::oid AS id
                UNION SELECT c.conrelid FROM pg_constraint c JOIN reached ON c.confrelid = reached.id WHERE c.contype = 'f'
            )
            SELECT array_agg(id::regclass) INTO cleared FROM reached;
            IF EXISTS (SELECT FROM unnest(cleared) AS t WHERE pg_relation_size(t) > 4 * 1024 * 1024) THEN
                EXECUTE 'TRUNCATE ' || array_to_string(cleared, ', ');
                RETURN;
            END IF;
            -- As TRUNCATE does, this waits for the transactions that use the tables.
            EXECUTE 'LOCK TABLE ' || array_to_string(cleared, ', ');
            PERFORM set_config('session_replication_role', 'replica', true);
            FOREACH cleared_table IN ARRAY cleared LOOP
                EXECUTE 'DELETE FROM ' || cleared_table;
            END LOOP;
            PERFORM set_config('session_replication_role', 'origin', true);
        END
        $$
        """;

    internal static string ServingSince(string timestamp) => $"""
        CREATE OR REPLACE FUNCTION serving_since() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT {timestamp}::timestamptz $$
        """;
}
