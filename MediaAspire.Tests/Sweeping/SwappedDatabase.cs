using System.Diagnostics;
using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

/// <summary>A database that another one can replace, as when an operator starts PostgreSQL on another directory.</summary>
internal sealed class SwappedDatabase : IAsyncDisposable
{
    private static int s_databases;

    private readonly PostgresFixture _postgres;

    // The databases of all classes are on one server.
    private readonly string _name = $"swapped_{Interlocked.Increment(ref s_databases)}";

    private SwappedDatabase(PostgresFixture postgres)
    {
        _postgres = postgres;
        ConnectionString = postgres.ConnectionStringOf(_name);
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    private string Aside => $"{_name}_aside";

    private string Unfinished => $"{_name}_unfinished";

    /// <summary>Gets connections to the database that has the name at that time.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<SwappedDatabase> CreateAsync(PostgresFixture postgres)
    {
        var database = new SwappedDatabase(postgres);
        await database.CreateEmptyAsync();
        return database;
    }

    /// <summary>Dumps the database, as a backup does.</summary>
    public Task DumpAsync(string path) =>
        RunAsync("pg_dump", "--format=custom", $"--file={path}", $"--host={Host}", "--username=postgres", _name);

    /// <summary>Renames the database and puts one in its place that is restored from a dump.</summary>
    public async Task SwapForDumpAsync(string path)
    {
        await _postgres.ExecuteAsync($"CREATE DATABASE {Unfinished}");
        await RunAsync("pg_restore", "--exit-on-error", $"--dbname={Unfinished}", $"--host={Host}", "--username=postgres", path);
        await RenameAsync(_name, Aside);
        await RenameAsync(Unfinished, _name);
    }

    private string Host => new NpgsqlConnectionStringBuilder(ConnectionString).Host!;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Beside the server, or wrapped by the system.
        var beside = Path.Combine(PostgresServer.FindBinaries(), program);
        using var process = Process.Start(new ProcessStartInfo(File.Exists(beside) ? beside : program, arguments)
        {
            RedirectStandardError = true,
        })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>Renames the database and puts an empty, migrated one in its place.</summary>
    public async Task SwapForEmptyAsync()
    {
        await RenameAsync(_name, Aside);
        await CreateEmptyAsync();
    }

    /// <summary>Replaces the other database by the first one.</summary>
    public async Task SwapBackAsync()
    {
        await _postgres.ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
        await RenameAsync(Aside, _name);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _postgres.ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        await _postgres.ExecuteAsync($"DROP DATABASE IF EXISTS {Aside} WITH (FORCE)");
    }

    private async Task CreateEmptyAsync()
    {
        // Migrated before it gets the name, so that no connection sees it incomplete.
        await _postgres.ExecuteAsync($"CREATE DATABASE {Unfinished}");
        await using (var source = NpgsqlDataSource.Create(_postgres.ConnectionStringOf(Unfinished) + ";Pooling=false"))
        {
            await new MigrationRunner(source, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        }

        await RenameAsync(Unfinished, _name);
    }

    private async Task RenameAsync(string from, string to)
    {
        await _postgres.ExecuteAsync($"ALTER DATABASE {from} ALLOW_CONNECTIONS false");
        await _postgres.ExecuteAsync("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", from);
        await _postgres.ExecuteAsync($"ALTER DATABASE {from} RENAME TO {to}");
        await _postgres.ExecuteAsync($"ALTER DATABASE {to} ALLOW_CONNECTIONS true");

        // The pool's connections are dead, but only their next use would fail.
        Source.Clear();
    }
}
