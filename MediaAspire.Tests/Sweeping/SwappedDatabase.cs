using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

/// <summary>A database that another one can replace, as when an operator starts PostgreSQL on another directory.</summary>
internal sealed class SwappedDatabase : IAsyncDisposable
{
    private const string Name = "swapped";
    private const string Aside = "swapped_aside";

    private readonly PostgresFixture _postgres;

    private SwappedDatabase(PostgresFixture postgres)
    {
        _postgres = postgres;
        ConnectionString = postgres.ConnectionStringOf(Name);
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    /// <summary>Gets connections to the database that has the name at that time.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<SwappedDatabase> CreateAsync(PostgresFixture postgres)
    {
        var database = new SwappedDatabase(postgres);
        await database.CreateEmptyAsync();
        return database;
    }

    /// <summary>Renames the database and puts an empty, migrated one in its place.</summary>
    public async Task SwapForEmptyAsync()
    {
        await RenameAsync(Name, Aside);
        await CreateEmptyAsync();
    }

    /// <summary>Replaces the empty database by the first one.</summary>
    public async Task SwapBackAsync()
    {
        await _postgres.ExecuteAsync($"DROP DATABASE {Name} WITH (FORCE)");
        await RenameAsync(Aside, Name);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _postgres.ExecuteAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
        await _postgres.ExecuteAsync($"DROP DATABASE IF EXISTS {Aside} WITH (FORCE)");
    }

    private async Task CreateEmptyAsync()
    {
        // Migrated before it gets the name, so that no connection sees it incomplete.
        const string Unfinished = "swapped_unfinished";
        await _postgres.ExecuteAsync($"CREATE DATABASE {Unfinished}");
        await using (var source = NpgsqlDataSource.Create(_postgres.ConnectionStringOf(Unfinished) + ";Pooling=false"))
        {
            await new MigrationRunner(source, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        }

        await RenameAsync(Unfinished, Name);
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
