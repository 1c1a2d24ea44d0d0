using System.Diagnostics.Metrics;
using MediaAspire.Core.Database;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>The two stores of one process: its own connections, its own lease.</summary>
internal sealed class MetadataReplica : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NpgsqlDataSource _database;
    private readonly JobEngineClient _jobs;
    private readonly IConnectionMultiplexer _connection;
    private readonly GenerationKeeper _keeper;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _reads = [];

    private MetadataReplica(
        NpgsqlDataSource database, JobEngineClient jobs, IConnectionMultiplexer connection, MetadataOptions options,
        Func<IMediaStore, IMediaStore>? wrap)
    {
        (_database, _jobs, _connection) = (database, jobs, connection);
        Options = Microsoft.Extensions.Options.Options.Create(options);
        Table = new GenerationTable(database);
        Lease = new GenerationLease(Table, Options, TimeProvider.System);
        Keys = new GenerationKeys(connection, Options, TimeProvider.System);
        History = new GenerationHistory(connection, Table, Options, TimeProvider.System);
        Opener = new GenerationOpener(
            Table, Lease, History, connection, Options, TimeProvider.System, NullLogger<GenerationOpener>.Instance);
        Postgres = new PostgresMediaStore(database, jobs.Queue, TimeProvider.System, NullLogger<PostgresMediaStore>.Instance);
        var meters = _services.GetRequiredService<IMeterFactory>();
        Store = new RedisMediaStore(
            wrap is null ? Postgres : wrap(Postgres), Keys, Lease, Options, new MetadataMetrics(meters, Lease), TimeProvider.System,
            NullLogger<RedisMediaStore>.Instance);
        var catalog = new CatalogPages(database);
        Comparison = new MetadataComparison(catalog, Keys, Lease, connection);
        Import = new MetadataImport(Postgres, database, catalog, connection, Options, TimeProvider.System);
        Runs = new MetadataRuns(database);
        _keeper = new GenerationKeeper(Lease, Options, TimeProvider.System, NullLogger<GenerationKeeper>.Instance);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "mediaaspire.metadata.reads" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (_reads)
            {
                var result = (string)tags[0].Value!;
                _reads[result] = _reads.GetValueOrDefault(result) + count;
            }
        });
        _listener.Start();
    }

    /// <summary>Gets short limits, so that a test sees many generations.</summary>
    public static MetadataOptions Quick => new()
    {
        Stores = MetadataOptions.RedisAndPostgres,
        LeaseDuration = TimeSpan.FromMilliseconds(500),
        RenewalInterval = TimeSpan.FromMilliseconds(100),
        ClockMargin = TimeSpan.FromMilliseconds(100),
        ReadTimeout = TimeSpan.FromMilliseconds(200),
        ReadPause = TimeSpan.FromMilliseconds(100),
        WriteTimeout = TimeSpan.FromMilliseconds(300),
    };

    public IOptions<MetadataOptions> Options { get; }

    public GenerationTable Table { get; }

    public GenerationLease Lease { get; }

    public GenerationKeys Keys { get; }

    public GenerationHistory History { get; }

    public GenerationOpener Opener { get; }

    public MetadataComparison Comparison { get; }

    public MetadataImport Import { get; }

    public MetadataRuns Runs { get; }

    public PostgresMediaStore Postgres { get; }

    public RedisMediaStore Store { get; }

    public NpgsqlDataSource Database => _database;

    public IDatabase Redis => _connection.GetDatabase();

    /// <param name="postgres">The database.</param>
    /// <param name="redis">The server.</param>
    /// <param name="options">The settings; <see cref="Quick"/> by default.</param>
    /// <param name="wrap">Puts something between the two stores.</param>
    /// <param name="keeps">Whether the lease is renewed in the background.</param>
    public static async Task<MetadataReplica> StartAsync(
        PostgresFixture postgres, TestRedis redis, MetadataOptions? options = null, Func<IMediaStore, IMediaStore>? wrap = null,
        bool keeps = true)
    {
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        DatabaseHostExtensions.Configure(settings);
        settings.Options += " -c mediaaspire.stores=redis+postgres";
        var replica = new MetadataReplica(
            NpgsqlDataSource.Create(settings), await new PostgresJobEngine(postgres).OpenAsync(), await redis.ConnectAsync(),
            options ?? Quick, wrap);
        if (keeps)
        {
            await replica._keeper.StartAsync(CancellationToken.None);
        }

        return replica;
    }

    /// <summary>Opens a generation, and waits until this process may read it.</summary>
    public async Task OpenAsync()
    {
        await Until.TrueAsync("a generation is open", async () => await Opener.TryOpenAsync(CancellationToken.None) is null);
        await Lease.RenewAsync(CancellationToken.None);
    }

    /// <summary>Gets the number of reads that had a result: hit, miss or bypass.</summary>
    public long Reads(string result)
    {
        lock (_reads)
        {
            return _reads.GetValueOrDefault(result);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _keeper.StopAsync(CancellationToken.None);
        _keeper.Dispose();
        _listener.Dispose();
        await _jobs.DisposeAsync();
        await _connection.DisposeAsync();
        await _database.DisposeAsync();
        await _services.DisposeAsync();
    }
}
