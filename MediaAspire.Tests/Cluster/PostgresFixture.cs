using System.Diagnostics;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaAspire.Tests.Cluster;

/// <summary>A PostgreSQL of the tests' own, migrated, reached through a socket in a temporary directory.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    /// <summary>The identity of the fixture's cluster, and of the disks that <c>TestNode</c> makes.</summary>
    public static readonly ClusterId Cluster = new(new Guid("c1057e70-0000-4000-8000-000000000001"));

    private readonly string _root = Directory.CreateTempSubdirectory("mediaaspire-pg-").FullName;
    private Process? _server;

    /// <summary>Where the database is, for code that opens it by itself.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    public NpgsqlDataSource Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var data = Path.Combine(_root, "data");
        Directory.CreateDirectory(data);
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chmod", "a+x", _root);
            await RunAsync("chown", "nobody", data);
        }

        var bin = FindBinaries();
        await RunAsync(Unprivileged(Path.Combine(bin, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"));
        _server = Start(Unprivileged(Path.Combine(bin, "postgres"), "-D", data, "-k", data, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=400"));

        // Its log is of no use here, but a pipe that nobody empties fills, and then whoever logs stands still.
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();

        // As the product's processes use theirs.
        var connections = new NpgsqlConnectionStringBuilder(ConnectionString);
        DatabaseHostExtensions.Configure(connections);
        Database = NpgsqlDataSource.Create(connections);
        await WaitUntilReadyAsync();
        await new MigrationRunner(Database, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await ServeSinceAsync("'-infinity'");
        await using var command = Database.CreateCommand($"UPDATE cluster SET cluster_id = '{Cluster}'");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Gets where a database of this PostgreSQL is.</summary>
    public string ConnectionStringOf(string database) => $"Host={_root}/data;Username=postgres;Database={database};Timeout=5";

    /// <summary>Sets since when silence counts: here for ever, so that a server may have been silent for longer than this one runs.</summary>
    public async Task ServeSinceAsync(string timestamp)
    {
        await using var command = Database.CreateCommand(
            $"CREATE OR REPLACE FUNCTION serving_since() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT {timestamp}::timestamptz $$");
        await command.ExecuteNonQueryAsync();
    }

    public async Task ClearAsync()
    {
        await using var command = Database.CreateCommand("TRUNCATE storage_servers CASCADE");
        await command.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        if (_server is not null)
        {
            // SIGINT is PostgreSQL's fast shutdown; its children end with it.
            await RunAsync("kill", "-INT", $"{_server.Id}");
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        Directory.Delete(_root, recursive: true);
    }

    private static string[] Unprivileged(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. command] : command;

    // Debian keeps them off the PATH, by version.
    private static string FindBinaries() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
                : [])
            .FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")))
        ?? throw new InvalidOperationException("These tests need PostgreSQL's initdb and postgres; Debian's package is postgresql.");

    private static Process Start(params string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {await output}{await errors}");
    }

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await using var connection = await Database.OpenConnectionAsync(limit.Token);
                return;
            }
            catch (NpgsqlException)
            {
                Assert.False(_server!.HasExited, "PostgreSQL ended before it was ready.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
