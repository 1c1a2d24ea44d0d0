using System.Diagnostics.Metrics;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Cluster;

public sealed class ClusterViewTests : IAsyncLifetime, IDisposable, IClassFixture<PostgresFixture>
{
    private static readonly ServerId[] s_ids = Servers.Make(3);

    private readonly PostgresFixture _postgres;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualTime _time = new();
    private readonly IOptions<ClusterOptions> _options = Options.Create(new ClusterOptions { RefreshInterval = TimeSpan.FromHours(1) });
    private readonly NodeRegistry _registry;
    private readonly ClusterView _view;

    public ClusterViewTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _registry = new NodeRegistry(postgres.Database, _options);
        _view = new ClusterView(_registry, new ClusterMetrics(_services.GetRequiredService<IMeterFactory>()), _options, _time);
    }

    public Task InitializeAsync() => _postgres.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Get_NothingReadYet_ReadsTheDatabase()
    {
        await RegisterAllAsync();
        Assert.False(_view.IsLoaded);
        Assert.Empty(_view.Current.Servers);

        var snapshot = await _view.GetAsync(default);

        Assert.Equal(3, snapshot.Servers.Count);
        Assert.Same(snapshot, _view.Current);
    }

    [Fact]
    public async Task Refresher_ServersComeAndGo_FollowsTheirNotifications()
    {
        await using var listening = await RunningListener.StartAsync(_postgres.Database);
        using var refresher = new ClusterViewRefresher(
            listening.Listener, _view, _options, TimeProvider.System, NullLogger<ClusterViewRefresher>.Instance);
        await refresher.StartAsync(default);
        await WaitUntilAsync(() => _view.IsLoaded);

        await RegisterAllAsync();
        await WaitUntilAsync(() => _view.Current.Ring.Servers.Length == 3);
        await _registry.SignOffAsync(s_ids[1], PostgresFixture.Cluster, default);
        await WaitUntilAsync(() => _view.Current.Ring.Servers.Length == 2);

        await refresher.StopAsync(default);
    }

    [Fact]
    public async Task Refresher_ConnectionLost_ListensAgain()
    {
        await using var listening = await RunningListener.StartAsync(_postgres.Database);
        using var refresher = new ClusterViewRefresher(
            listening.Listener, _view, _options, TimeProvider.System, NullLogger<ClusterViewRefresher>.Instance);
        await refresher.StartAsync(default);
        await WaitUntilAsync(() => _view.IsLoaded);

        await Until.TrueAsync("the connection that listens is ended", async () =>
            await ListeningBackends.EndAsync(_postgres.Database) == 1);
        await Until.TrueAsync("another one listens", async () => await ListeningBackends.CountAsync(_postgres.Database) == 1);

        await RegisterAllAsync();
        await WaitUntilAsync(() => _view.Current.Ring.Servers.Length == 3);
        await refresher.StopAsync(default);
    }

    [Fact]
    public async Task GetRing_SuspectServer_IsLeftOutForAWhile()
    {
        await RegisterAllAsync();

        _view.ReportUnreachable(s_ids[0]);
        Assert.True(_view.IsSuspect(s_ids[0]));
        Assert.DoesNotContain(s_ids[0], (await _view.GetRingAsync(copies: 2, default)).Servers.ToArray());

        _time.Advance(_options.Value.SuspectFor);
        Assert.False(_view.IsSuspect(s_ids[0]));
        Assert.Equal(3, (await _view.GetRingAsync(copies: 2, default)).Servers.Length);
    }

    [Fact]
    public async Task GetRing_TooFewWithoutTheSuspects_KeepsThem()
    {
        await RegisterAllAsync();
        _view.ReportUnreachable(s_ids[0]);
        _view.ReportUnreachable(s_ids[1]);

        Assert.Equal(3, (await _view.GetRingAsync(copies: 2, default)).Servers.Length);
        Assert.Equal([s_ids[2]], (await _view.GetRingAsync(copies: 1, default)).Servers.ToArray());
    }

    [Fact]
    public async Task GetRing_ServerWithoutRoomForTheChunk_IsLeftOutWhileOthersHaveRoom()
    {
        await RegisterAllAsync();
        await _registry.HeartbeatAsync(Report(s_ids[0]) with { AvailableBytes = 0 }, default);
        await _registry.HeartbeatAsync(Report(s_ids[1]) with { AvailableBytes = 1000 }, default);
        await _registry.HeartbeatAsync(Report(s_ids[2]) with { AvailableBytes = 2000 }, default);
        await _view.RefreshAsync(default);

        Assert.Equal([s_ids[1], s_ids[2]], Sorted(await _view.GetRingAsync(copies: 2, default)));
        Assert.Equal([s_ids[1], s_ids[2]], Sorted(await _view.GetRingAsync(copies: 2, chunkBytes: 1000, default)));
        Assert.Equal([s_ids[2]], Sorted(await _view.GetRingAsync(copies: 1, chunkBytes: 1001, default)));

        // Reports are old; with too few servers the nodes themselves decide.
        Assert.Equal(3, (await _view.GetRingAsync(copies: 2, chunkBytes: 1001, default)).Servers.Length);
    }

    [Fact]
    public async Task GetRing_FullAndSuspectServers_SuspectsAreTakenFirst()
    {
        await RegisterAllAsync();
        _view.ReportFull(s_ids[0]);
        _view.ReportUnreachable(s_ids[1]);

        Assert.Equal([s_ids[2]], Sorted(await _view.GetRingAsync(copies: 1, default)));
        Assert.Equal([s_ids[1], s_ids[2]], Sorted(await _view.GetRingAsync(copies: 2, default)));

        _time.Advance(_options.Value.SuspectFor);
        Assert.Equal(3, (await _view.GetRingAsync(copies: 2, default)).Servers.Length);
    }

    [Fact]
    public void ReportReachable_SuspectServer_IsTrustedAgain()
    {
        _view.ReportUnreachable(s_ids[0]);

        _view.ReportReachable(s_ids[0]);

        Assert.False(_view.IsSuspect(s_ids[0]));
    }

    [Fact]
    public async Task Refresh_Always_MeasuresRingAndServers()
    {
        await RegisterAllAsync();
        await _registry.SignOffAsync(s_ids[2], PostgresFixture.Cluster, default);
        var measured = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
            measured[$"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : "")}".Trim()] = value);
        listener.Start();

        await _view.RefreshAsync(default);
        listener.RecordObservableInstruments();

        Assert.Equal(300, measured["mediaaspire.cluster.ring.points"]);
        Assert.Equal(2, measured["mediaaspire.cluster.servers online"]);
        Assert.Equal(1, measured["mediaaspire.cluster.servers offline"]);
        Assert.Equal(0, measured["mediaaspire.cluster.servers draining"]);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private async Task RegisterAllAsync()
    {
        foreach (var id in s_ids)
        {
            await _registry.RegisterAsync(Report(id), default);
        }
    }

    private static NodeReport Report(ServerId id) => new(id, PostgresFixture.Cluster, "node", new Uri("http://127.0.0.1:1"), 1, 1, 1);

    // In the order of s_ids.
    private static ServerId[] Sorted(HashRing ring) => [.. ring.Servers.ToArray().OrderBy(server => Array.IndexOf(s_ids, server))];
}
