using System.Diagnostics;
using System.Globalization;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>The PostgreSQL of a test run, reached through a socket in a temporary directory, with a migrated database to copy.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The cluster id of every copied database, and of the disks of <see cref="TestNode"/>.</summary>
    public static readonly ClusterId Cluster = new(new Guid("c1057e70-0000-4000-8000-000000000001"));

    private const string Template = "migrated";

    // The shell ends the server and deletes its directory when its standard input closes. That happens when the server is stopped, and also
    // when the test process is killed. The shell itself outlives a Ctrl-C, which reaches it too.
    private const string Guard = """
        trap '' INT HUP
        directory=$1
        shift
        exec 3<&0
        "$@" &
        server=$!
        { read -r _ <&3; kill -INT "$server"; } &
        wait "$server"
        rm -rf "$directory"
        """;

    private static readonly Lazy<Task<PostgresServer>> s_shared = new(() => StartAsync("fsync=off", "max_connections=1000"));

    private readonly string[] _settings;
    private readonly string _root = CreateRoot();
    private Process? _guard;
    private int _databases;

    private PostgresServer(string[] settings) => _settings = settings;

    private string Data => Path.Combine(_root, "data");

    /// <summary>Gets the run's server, and starts it on the first call.</summary>
    public static Task<PostgresServer> GetAsync() => s_shared.Value;

    /// <summary>Ends the run's server if it was started.</summary>
    public static async Task StopAsync()
    {
        if (s_shared.IsValueCreated)
        {
            await (await s_shared.Value).EndAsync();
        }
    }

    /// <summary>Gets the connection string of one of the server's databases.</summary>
    public string ConnectionStringOf(string database) => $"Host={Data};Username=postgres;Database={database};Timeout=5";

    /// <summary>Copies the migrated database.</summary>
    /// <returns>The name of the copy.</returns>
    public Task<string> CreateDatabaseAsync() => CreateDatabaseAsync(Template);

    /// <summary>Creates a database without tables.</summary>
    /// <returns>Its name.</returns>
    public Task<string> CreateEmptyDatabaseAsync() => CreateDatabaseAsync("template0");

    private async Task<string> CreateDatabaseAsync(string template)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"tests_{Interlocked.Increment(ref _databases)}");

        // The other strategy makes two checkpoints, which delay the tests of other classes.
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG");
        return name;
    }

    /// <summary>Drops a database, and ends its sessions.</summary>
    public Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Starts a server of a test's own, which ends when it is disposed.</summary>
    /// <param name="settings">Settings such as <c>fsync=off</c>; all others are PostgreSQL's defaults.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var server = new PostgresServer(settings);
        try
        {
            await server.StartProcessAsync();
            await server.MakeTemplateAsync();
            return server;
        }
        catch
        {
            await server.EndAsync();
            throw;
        }
    }

    private async Task StartProcessAsync()
    {
        Directory.CreateDirectory(Data);
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chmod", "a+x", _root);
            await RunAsync("chown", "nobody", Data);
        }

        var bin = FindBinaries();
        await RunAsync(Unprivileged(Path.Combine(bin, "initdb"), "-D", Data, "-A", "trust", "-U", "postgres", "--no-sync"));
        _guard = Start(
        [
            "sh", "-c", Guard, "sh", _root,
            .. Unprivileged(
                Path.Combine(bin, "postgres"),
                ["-D", Data, "-k", Data, "-c", "listen_addresses=", .. _settings.SelectMany(setting => new[] { "-c", setting })]),
        ]);

        // The log is not needed, but a full pipe would block the server.
        _guard.BeginOutputReadLine();
        _guard.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    private async Task MakeTemplateAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {Template}");

        // Without a pool: a database that has connections cannot be copied.
        await using var database = NpgsqlDataSource.Create(ConnectionStringOf(Template) + ";Pooling=false");
        await new MigrationRunner(database, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await using var command = database.CreateCommand(
            $"""
            UPDATE cluster SET cluster_id = '{Cluster}';
            {PostgresFixture.ServingSince("'-infinity'")};
            {PostgresFixture.CreateClearTables}
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => new(EndAsync());

    private async Task EndAsync()
    {
        if (_guard is null)
        {
            Directory.Delete(_root, recursive: true);
            return;
        }

        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringOf("postgres") + ";Pooling=false;Command Timeout=120");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // The file system of a disk is slow at the three hundred files of each database. A container's memory may have no room for them.
    private static string CreateRoot()
    {
        const string Memory = "/dev/shm";
        const long Room = 8L << 30;
        return Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > Room
            ? Directory.CreateDirectory($"{Memory}/mediaaspire-pg-{Guid.CreateVersion7():n}").FullName
            : Directory.CreateTempSubdirectory("mediaaspire-pg-").FullName;
    }

    private static string[] Unprivileged(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", program, .. arguments]
            : [program, .. arguments];

    // Debian installs them outside the PATH, by version.
    public static string FindBinaries() =>
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
            RedirectStandardInput = true,
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
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException)
            {
                Assert.False(_guard!.HasExited, "PostgreSQL ended before it was ready.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }
}
