using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Database;

/// <summary>The rights of the restricted roles. The graph's tests run under the same ones.</summary>
public sealed class DatabaseRolesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    // Roles belong to the server, which the classes share.
    private readonly string _application = $"application_{Guid.CreateVersion7():n}";
    private readonly string _node = $"node_{Guid.CreateVersion7():n}";

    public Task InitializeAsync() => MigrateAsync();

    [Fact]
    public async Task A_node_registers_reports_and_finds_other_servers_and_the_cluster()
    {
        await using var database = Open(_node);
        var registry = new NodeRegistry(database, Options.Create(new ClusterOptions()));
        var report = new NodeReport(
            ServerId.New(TimeProvider.System), PostgresFixture.Cluster, "a", new("http://a:1"), 10, UsedBytes: 2, ChunkCount: 1);
        var unknown = ChunkId.New(TimeProvider.System);

        Assert.Equal((PostgresFixture.Cluster, false), await registry.IdentifyAsync([unknown], CancellationToken.None));
        Assert.Equal((PostgresFixture.Cluster, 1L), await registry.IdentifyAsync(CancellationToken.None));
        Assert.Equal(ServerStatus.Online, (await registry.RegisterAsync(report, CancellationToken.None))?.Status);
        Assert.Equal(ServerStatus.Online, (await registry.RegisterAsync(report with { Name = "b" }, CancellationToken.None))?.Status);
        Assert.NotNull(await registry.HeartbeatAsync(report with { TrashBytes = 1 }, CancellationToken.None));
        Assert.Contains(await registry.ReadServersAsync(CancellationToken.None), server => server.Id == report.Id);
        Assert.NotEqual(0, (await registry.ReadAsync(CancellationToken.None)).Ring.Count);
        await registry.SignOffAsync(report.Id, PostgresFixture.Cluster, CancellationToken.None);
        Assert.NotNull(await registry.HeartbeatAsync(report, CancellationToken.None));

        // As if the database had been restored from before the last heartbeats.
        Assert.True(await registry.ReportRestoreAsync(report with { Seen = new(1, 99) }, CancellationToken.None));
        await postgres.ClearAsync("detected_restores");
    }

    [Fact]
    public async Task A_node_learns_whether_chunks_are_known_and_nothing_else_about_them()
    {
        await CopyRows.AddAsync(postgres.Database, [], 1);
        await using var first = postgres.Database.CreateCommand("SELECT chunk_id FROM chunks LIMIT 1");
        var chunk = new ChunkId((Guid)(await first.ExecuteScalarAsync())!);
        await using var database = Open(_node);
        var registry = new NodeRegistry(database, Options.Create(new ClusterOptions()));

        Assert.Equal((PostgresFixture.Cluster, true), await registry.IdentifyAsync([chunk], CancellationToken.None));
        await AssertDeniedAsync(database, $"SELECT FROM chunks WHERE chunk_id = '{chunk}'");
    }

    [Fact]
    public async Task A_node_sees_the_tables_of_servers_ring_and_cluster_only()
    {
        Assert.Equal(
            ["cluster", "detected_restores", "hash_ring_nodes", "storage_servers"],
            await TablesWithAsync(_node, "SELECT"));
        Assert.Equal(["hash_ring_nodes"], await TablesWithAsync(_node, "DELETE"));
        Assert.Equal(["detected_restores", "hash_ring_nodes", "storage_servers"], await TablesWithAsync(_node, "INSERT"));

        // Of whole tables: it may update some columns.
        Assert.Empty(await TablesWithAsync(_node, "UPDATE"));
        Assert.Empty(await TablesWithAsync(_node, "TRUNCATE"));
    }

    [Theory]
    [InlineData("SELECT * FROM files")]
    [InlineData("SELECT * FROM access_keys")]
    [InlineData("SELECT * FROM owners")]
    [InlineData("SELECT * FROM api_keys")]
    [InlineData("SELECT * FROM audit_events")]
    [InlineData("SELECT * FROM keep_audit('1 year', 1)")]
    [InlineData("SELECT * FROM objects")]
    [InlineData("SELECT * FROM chunk_replicas")]
    [InlineData("DELETE FROM storage_servers")]
    [InlineData("UPDATE storage_servers SET server_id = gen_random_uuid()")]
    [InlineData("UPDATE cluster SET cluster_id = gen_random_uuid()")]
    [InlineData("SELECT delete_files(ARRAY[gen_random_uuid()])")]
    [InlineData("CREATE TABLE mine (a integer)")]
    [InlineData("CREATE TEMPORARY TABLE mine (a integer)")]
    [InlineData("CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE OR REPLACE FUNCTION serving_since() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'")]
    public async Task A_node_is_denied_everything_else(string statement)
    {
        await using var database = Open(_node);

        await AssertDeniedAsync(database, statement);
    }

    [Fact]
    public async Task An_application_reads_and_writes_the_rows_of_every_table_that_is_not_the_owners()
    {
        var all = await TablesWithAsync("postgres", "SELECT");
        string[] owners = ["schema_functions", "schema_migrations"];

        Assert.Equal(all, await TablesWithAsync(_application, "SELECT"));
        Assert.Equal(all.Except(owners), await TablesWithAsync(_application, "INSERT"));
        Assert.Equal(all.Except(owners).Except(["audit_events"]), await TablesWithAsync(_application, "UPDATE"));
        Assert.Equal(all.Except(owners).Except(["audit_events"]), await TablesWithAsync(_application, "DELETE"));
    }

    [Theory]
    [InlineData("CREATE TABLE mine (a integer)")]
    [InlineData("CREATE TEMPORARY TABLE mine (a integer)")]
    [InlineData("DROP TABLE files")]
    [InlineData("ALTER TABLE files ADD mine integer")]
    [InlineData("TRUNCATE files CASCADE")]
    [InlineData("ALTER TABLE objects DISABLE TRIGGER ALL")]
    [InlineData("CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("DROP FUNCTION lock_object")]
    [InlineData("DELETE FROM schema_migrations")]
    [InlineData("DELETE FROM audit_events")]
    [InlineData("DELETE FROM audit_events_default")]
    [InlineData("UPDATE audit_events SET actor = NULL")]
    [InlineData("CREATE ROLE mine")]
    [InlineData("ALTER SYSTEM SET fsync = off")]
    [InlineData("SET session_replication_role = 'replica'")]
    [InlineData("SELECT pg_read_file('/etc/passwd')")]
    [InlineData("COPY files TO PROGRAM 'cat'")]
    public async Task An_application_changes_nothing_but_rows(string statement)
    {
        await using var database = Open(_application);

        await AssertDeniedAsync(database, statement);
    }

    [Fact]
    public async Task An_application_may_use_what_a_later_migration_creates()
    {
        await ExecuteAsync("CREATE TABLE later (id bigint GENERATED BY DEFAULT AS IDENTITY, b serial)");
        await using var database = Open(_application);

        await using var command = database.CreateCommand("INSERT INTO later DEFAULT VALUES");

        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await using var denied = Open(_node);
        await AssertDeniedAsync(denied, "SELECT * FROM later");
        await ExecuteAsync("DROP TABLE later");
    }

    [Fact]
    public async Task Migrating_again_takes_away_what_a_role_does_not_need()
    {
        await ExecuteAsync(
            $"""
            GRANT ALL ON files TO {_node};
            GRANT EXECUTE ON FUNCTION delete_files TO PUBLIC;
            GRANT INSERT ON schema_migrations TO {_application}
            """);

        await MigrateAsync();

        Assert.DoesNotContain("files", await TablesWithAsync(_node, "SELECT"));
        Assert.DoesNotContain("schema_migrations", await TablesWithAsync(_application, "INSERT"));
        await using var database = Open(_node);
        await AssertDeniedAsync(database, "SELECT delete_files(ARRAY[gen_random_uuid()])");
    }

    [Fact]
    public async Task A_role_that_may_more_is_refused()
    {
        await ExecuteAsync($"ALTER ROLE {_node} CREATEDB");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(MigrateAsync);

        Assert.Contains(_node, refused.Message, StringComparison.Ordinal);
        await ExecuteAsync($"ALTER ROLE {_node} NOCREATEDB");
    }

    [Fact]
    public async Task The_owner_is_refused_as_a_restricted_role() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => MigrateAsync(new(new("postgres", "p"), null)));

    [Fact]
    public async Task A_role_without_a_password_has_to_exist()
    {
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => MigrateAsync(new(new("there_is_none", null), null)));

        Assert.Contains("'there_is_none' does not exist", missing.Message, StringComparison.Ordinal);
        await MigrateAsync(new(new(_application, null), new(_node, null)));
    }

    [Fact]
    public async Task A_log_in_with_the_password_succeeds_and_another_fails()
    {
        await using var command = postgres.Database.CreateCommand("SELECT rolpassword FROM pg_authid WHERE rolname = $1");
        command.Parameters.Add(new() { Value = _application });

        var stored = Assert.IsType<string>(await command.ExecuteScalarAsync());

        var salt = Convert.FromBase64String(stored.Split(':')[1].Split('$')[0]);
        Assert.Equal(stored, ScramVerifier.Of("a password", salt));
    }

    public async Task DisposeAsync()
    {
        foreach (var role in new[] { _application, _node })
        {
            await ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    private Task MigrateAsync() => MigrateAsync(new(new(_application, "a password"), new(_node, "another")));

    private async Task MigrateAsync(DatabaseRoles roles) =>
        await new MigrationRunner(postgres.Database, NullLogger<MigrationRunner>.Instance).RunAsync(roles, CancellationToken.None);

    private NpgsqlDataSource Open(string role) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = role, Pooling = false });

    private async Task<List<string>> TablesWithAsync(string role, string right)
    {
        await using var command = postgres.Database.CreateCommand(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
            AND has_table_privilege($1, c.oid, $2) ORDER BY c.relname COLLATE "C"
            """);
        command.Parameters.Add(new() { Value = role });
        command.Parameters.Add(new() { Value = right });
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task AssertDeniedAsync(NpgsqlDataSource database, string statement)
    {
        await using var command = database.CreateCommand(statement);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }
}
