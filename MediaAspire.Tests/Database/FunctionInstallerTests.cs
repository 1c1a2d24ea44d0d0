using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaAspire.Tests.Database;

public sealed class FunctionInstallerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Name = "functions_test";

    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync()
    {
        await postgres.ExecuteAsync($"CREATE DATABASE {Name}");
        _database = NpgsqlDataSource.Create(postgres.ConnectionStringOf(Name));
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await postgres.ExecuteAsync($"DROP DATABASE {Name} WITH (FORCE)");
    }

    [Fact]
    public async Task RunAsync_UnchangedFunctions_InstallsEachOnce()
    {
        var twice = new DatabaseFunction("twice", "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql RETURN 2 * x;");
        DatabaseFunction[] functions = [Answer("SELECT 1"), twice];

        Assert.Equal((0, 2), await RunAsync(functions));
        Assert.Equal((0, 0), await RunAsync(functions));
        Assert.Equal(1, await ScalarAsync("SELECT answer()"));
    }

    [Fact]
    public async Task RunAsync_ChangedFunction_InstallsOnlyItAndOnce()
    {
        var other = new DatabaseFunction("other", "CREATE FUNCTION other() RETURNS integer LANGUAGE sql AS 'SELECT 7';");
        await RunAsync([Answer("SELECT 1"), other]);

        // A second CREATE FUNCTION of the other function would fail.
        Assert.Equal((0, 1), await RunAsync([Answer("SELECT 2"), other]));
        Assert.Equal(2, await ScalarAsync("SELECT answer()"));
        Assert.Equal((0, 0), await RunAsync([Answer("SELECT 2"), other]));
    }

    [Theory]
    [InlineData("CREATE OR REPLACE FUNCTION answer(b integer) RETURNS integer LANGUAGE sql AS 'SELECT b';")]
    [InlineData("CREATE OR REPLACE FUNCTION answer(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint';")]
    [InlineData("CREATE OR REPLACE FUNCTION answer(a bigint) RETURNS integer LANGUAGE sql AS 'SELECT a::integer';")]
    [InlineData("CREATE OR REPLACE FUNCTION answer(a integer, b integer DEFAULT 0) RETURNS integer LANGUAGE sql AS 'SELECT a + b';")]
    public async Task RunAsync_OtherSignature_LeavesOnlyTheNewFunction(string sql)
    {
        await RunAsync([new("answer", "CREATE OR REPLACE FUNCTION answer(a integer) RETURNS integer LANGUAGE sql AS 'SELECT -1';")]);

        Assert.Equal((0, 1), await RunAsync([new("answer", sql)]));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM pg_proc WHERE proname = 'answer'"));
        Assert.Equal(5, await ScalarAsync("SELECT answer(5)"));
    }

    [Fact]
    public async Task RunAsync_FunctionsThatCallEachOther_InstallsThemInAnyOrder()
    {
        await RunAsync([
            new("first", "CREATE FUNCTION first() RETURNS integer LANGUAGE sql AS 'SELECT second()';"),
            new("second", "CREATE FUNCTION second() RETURNS integer LANGUAGE sql AS 'SELECT 3';")]);

        Assert.Equal(3, await ScalarAsync("SELECT first()"));
    }

    [Fact]
    public async Task RunAsync_OneFunctionFails_InstallsNone()
    {
        await Assert.ThrowsAsync<PostgresException>(() =>
            RunAsync([Answer("SELECT 1"), new("broken", "CREATE FUNCTION broken() RETURNS nothing")]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync([Answer("SELECT 1"), new("zero", "SELECT 0")]));

        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM pg_proc WHERE proname = 'answer'"));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM schema_functions"));
    }

    [Fact]
    public async Task RunAsync_OlderBuild_IsRefusedAndUndoesNothing()
    {
        await RunAsync([Answer("SELECT 1")]);
        await RunAsync([Answer("SELECT 2"), new("added", "CREATE FUNCTION added() RETURNS integer LANGUAGE sql AS 'SELECT 7';")]);

        var lacking = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync([Answer("SELECT 2")]));
        var older = await Assert.ThrowsAsync<InvalidOperationException>(
            () => RunAsync([Answer("SELECT 1"), new("added", "CREATE FUNCTION added() RETURNS integer LANGUAGE sql AS 'SELECT 8';")]));

        Assert.Contains("added()", lacking.Message, StringComparison.Ordinal);
        Assert.Contains("answer()", older.Message, StringComparison.Ordinal);
        Assert.Equal(9, await ScalarAsync("SELECT answer() + added()"));
    }

    [Fact]
    public async Task RunAsync_MigrationThatRemovesAFunction_IsFollowedByABuildWithoutIt()
    {
        await RunAsync([Answer("SELECT 1")]);
        var removal = new Migration(1, "removal", "DROP FUNCTION answer; DELETE FROM schema_functions WHERE name = 'answer'");

        Assert.Equal((1, 0), await Runner().RunAsync([removal], [], CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_TwoAtOnce_InstallEverythingOnce()
    {
        // One would fail if both installed the functions.
        var function = new DatabaseFunction("answer", "CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 1';");

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => RunAsync([function]))));

        Assert.Equal(1, runs.Sum(run => run.Functions));
    }

    [Fact]
    public async Task A_database_of_the_version_before_functions_were_files_is_brought_up_to_date()
    {
        // Its functions are those of the numbered migrations, some with other parameters or results than today.
        var migrations = Migration.ReadEmbedded();
        await Runner().RunAsync([.. migrations.Where(migration => migration.Version <= 20)], [], CancellationToken.None);
        await ExecuteAsync("DROP TABLE schema_functions");
        var functions = DatabaseFunction.ReadEmbedded();

        Assert.Equal((migrations.Count - 20, functions.Count), await Runner().RunAsync(CancellationToken.None));
        Assert.Equal((0, 0), await Runner().RunAsync(CancellationToken.None));

        await AssertFunctionsAreAsync(functions);
    }

    [Fact]
    public async Task Every_function_of_a_new_database_is_a_file_and_valid()
    {
        await Runner().RunAsync(CancellationToken.None);
        var functions = DatabaseFunction.ReadEmbedded();

        await AssertFunctionsAreAsync(functions);

        // Now all functions exist, so their bodies can be checked.
        foreach (var function in functions)
        {
            await ExecuteAsync(function.Sql);
        }
    }

    private static DatabaseFunction Answer(string body) =>
        new("answer", $"CREATE OR REPLACE FUNCTION answer() RETURNS integer LANGUAGE sql AS '{body}';");

    private async Task AssertFunctionsAreAsync(IReadOnlyList<DatabaseFunction> functions)
    {
        await using var command = _database.CreateCommand(
            """
            SELECT array_agg(proname::text ORDER BY proname::text COLLATE "C") FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e')
            """);
        Assert.Equal(functions.Select(function => function.Name), (string[])(await command.ExecuteScalarAsync())!);
    }

    private MigrationRunner Runner() => new(_database, NullLogger<MigrationRunner>.Instance);

    private Task<(int Migrations, int Functions)> RunAsync(IReadOnlyList<DatabaseFunction> functions) =>
        Runner().RunAsync([], functions, CancellationToken.None);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
