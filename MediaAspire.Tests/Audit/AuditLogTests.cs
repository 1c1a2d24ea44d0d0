using System.Diagnostics.Metrics;
using MediaAspire.Core.Audit;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Audit;

public sealed class AuditLogTests(PostgresFixture postgres) : IAsyncLifetime, IDisposable, IClassFixture<PostgresFixture>
{
    private readonly MeterListener _listener = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public Task InitializeAsync() => postgres.ClearAsync("audit_events");

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_batch_is_written_when_the_process_stops()
    {
        var log = Log(new() { FlushInterval = TimeSpan.FromMinutes(1) });
        await log.StartAsync(CancellationToken.None);
        foreach (var one in Enumerable.Range(0, 12_000).Select(_ => AuditEvents.Event()))
        {
            await log.RecordAsync(one);
        }

        Assert.Equal(0, await CountAsync());
        await log.StopAsync(CancellationToken.None);

        Assert.Equal(12_000, await CountAsync());
    }

    [Fact]
    public async Task A_batch_is_written_after_the_interval()
    {
        var log = Log(new() { FlushInterval = TimeSpan.FromMilliseconds(20) });
        await log.StartAsync(CancellationToken.None);

        await log.RecordAsync(AuditEvents.Event());

        await Until.TrueAsync("the event is written", async () => await CountAsync() == 1);
        await log.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_event_of_security_is_durable_when_the_call_returns()
    {
        var log = Log(new());

        await log.WriteAsync(AuditEvents.Event());
        await log.WriteAsync(AuditEvents.Event(outcome: AuditOutcome.Refused));
        await log.WriteAsync(AuditEvents.Event(outcome: AuditOutcome.Refused));

        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Events_wait_while_the_database_is_down_and_are_lost_only_beyond_the_capacity()
    {
        var store = new SwitchedDatabase(postgres);
        await using var down = store;
        var log = Log(new() { QueueCapacity = 100 }, store.Store, TimeSpan.FromMilliseconds(200));
        var dropped = Counted("mediaaspire.audit.dropped");
        store.IsDown = true;
        for (var i = 0; i < 100; i++)
        {
            await log.RecordAsync(AuditEvents.Event());
        }

        Assert.False(await log.FlushAsync(endWindow: false, CancellationToken.None));
        for (var i = 0; i < 100; i++)
        {
            await log.RecordAsync(AuditEvents.Event());
        }

        var beyond = log.RecordAsync(AuditEvents.Event());
        Assert.False(beyond.IsCompleted);
        await beyond;
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => log.WriteAsync(AuditEvents.Event()));
        Assert.Equal(1, dropped["done"]);

        store.IsDown = false;
        Assert.True(await log.FlushAsync(endWindow: false, CancellationToken.None));
        Assert.Equal(200, await CountAsync());
    }

    [Fact]
    public async Task A_batch_that_was_committed_unseen_is_not_written_twice()
    {
        var log = Log(new());
        var one = AuditEvents.Event();
        await new AuditStore(postgres.Database).AddAsync([one], CancellationToken.None);

        await log.RecordAsync(one);

        Assert.True(await log.FlushAsync(endWindow: false, CancellationToken.None));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_flood_of_refusals_becomes_two_rows()
    {
        var log = Log(new());
        var written = Counted("mediaaspire.audit.written");

        for (var i = 0; i < 50_000; i++)
        {
            await log.RecordAsync(AuditEvents.Event(outcome: AuditOutcome.Refused));
        }

        await log.FlushAsync(endWindow: true, CancellationToken.None);

        var rows = await new AuditStore(postgres.Database).ListAsync(new(), null, oldestFirst: false, 100, CancellationToken.None);
        Assert.Equal([1, 49_999], rows.Select(row => row.Repeats).Order());
        Assert.Equal(2, written["refused"]);
    }

    /// <summary>Counts the events of a counter by outcome.</summary>
    private Dictionary<string, long> Counted(string name)
    {
        var counts = new Dictionary<string, long>();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished += (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var outcome = (string)tags[0].Value!;
            counts[outcome] = counts.GetValueOrDefault(outcome) + value;
        });
        _listener.Start();
        return counts;
    }

    private AuditLog Log(AuditOptions options, AuditStore? store = null, TimeSpan? maxWait = null) => new(
        store ?? new AuditStore(postgres.Database),
        new AuditMetrics(_services.GetRequiredService<IMeterFactory>()),
        Options.Create(options),
        TimeProvider.System,
        NullLogger<AuditLog>.Instance)
    {
        MaxWait = maxWait ?? TimeSpan.FromMinutes(1),
    };

    private async Task<long> CountAsync()
    {
        await using var command = postgres.Database.CreateCommand("SELECT count(*) FROM audit_events");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A database whose connections are refused while it is down.</summary>
    private sealed class SwitchedDatabase : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _database;

        public SwitchedDatabase(PostgresFixture postgres)
        {
            var builder = new NpgsqlDataSourceBuilder(postgres.ConnectionString);
            builder.ConnectionStringBuilder.Pooling = false;
            builder.UsePhysicalConnectionInitializer(_ => Check(), _ =>
            {
                Check();
                return Task.CompletedTask;
            });
            _database = builder.Build();
            Store = new AuditStore(_database);
        }

        public AuditStore Store { get; }

        public bool IsDown { get; set; }

        public ValueTask DisposeAsync() => _database.DisposeAsync();

        private void Check()
        {
            if (IsDown)
            {
                throw new NpgsqlException("The database is down.", new TimeoutException());
            }
        }
    }
}
