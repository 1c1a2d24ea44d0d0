using System.Diagnostics.Metrics;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NodeAdministration;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Membership;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Membership;

public sealed class MembershipDutyTests : IAsyncLifetime, IDisposable, IClassFixture<PostgresFixture>
{
    private static readonly ServerId[] s_ids = Servers.Make(3);

    private readonly PostgresFixture _postgres;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IOptions<ClusterOptions> _cluster = Options.Create(new ClusterOptions { OfflineAfter = TimeSpan.FromSeconds(3) });
    private readonly ManualTime _time = new();
    private readonly NodeRegistry _registry;
    private readonly MembershipDuty _duty;

    public MembershipDutyTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _registry = new NodeRegistry(postgres.Database, _cluster);
        var options = Options.Create(new MembershipOptions());
        _duty = new MembershipDuty(
            postgres.Database,
            _registry,
            new MembershipMetrics(_services.GetRequiredService<IMeterFactory>(), options, _time),
            options,
            _cluster,
            NullLogger<MembershipDuty>.Instance);
    }

    public Task InitializeAsync() => _postgres.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Silence_while_the_database_was_down_is_nobody_s()
    {
        await _registry.RegisterAsync(
            new NodeReport(s_ids[0], PostgresFixture.Cluster, "node", new Uri("http://127.0.0.1:1"), 1, 0, 0), default);
        await using (var age = _postgres.Database.CreateCommand("UPDATE storage_servers SET last_heartbeat = now() - interval '1 hour'"))
        {
            await age.ExecuteNonQueryAsync();
        }

        await _postgres.ServeSinceAsync("(now() - interval '1 second')");
        try
        {
            Assert.Equal(0, await _duty.RunAsync(default));
            Assert.Equal(ServerStatus.Online, (await _registry.ReadAsync(default)).Servers.Single().Status);
        }
        finally
        {
            await _postgres.ServeSinceAsync("'-infinity'");
        }

        Assert.Equal(1, await _duty.RunAsync(default));
    }

    [Fact]
    public async Task A_node_that_falls_silent_is_marked_offline_once_and_comes_back_by_itself()
    {
        var clock = new WrongClock();
        await using var node = await TestNode.StartAsync(
            database: _postgres.ConnectionString, heartbeat: TimeSpan.FromSeconds(1), time: clock);
        await Until.TrueAsync("the node is online", async () => await StoredStatusAsync(node.Id) == "online");
        Assert.Equal(0, await _duty.RunAsync(default));

        clock.Pause();
        var marked = 0L;
        await Until.TrueAsync("the duty has noticed", async () => (marked += await _duty.RunAsync(default)) > 0);
        Assert.Equal("offline", await StoredStatusAsync(node.Id));
        Assert.Equal(0, await _duty.RunAsync(default));
        Assert.Equal(1, marked);
        Assert.Equal(0, (await _registry.ReadAsync(default)).Ring.Count);

        clock.Resume();
        await Until.TrueAsync("the node is back", async () => await StoredStatusAsync(node.Id) == "online");
        Assert.Equal(150, (await _registry.ReadAsync(default)).Ring.Count);
        Assert.Equal(0, await _duty.RunAsync(default));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(+5)]
    public async Task A_node_whose_clock_is_hours_wrong_is_as_online_as_any_other(int hours)
    {
        var clock = new WrongClock(TimeSpan.FromHours(hours));
        await using var node = await TestNode.StartAsync(
            database: _postgres.ConnectionString, heartbeat: TimeSpan.FromSeconds(1), time: clock);
        await Until.TrueAsync("the node is online", async () => await StoredStatusAsync(node.Id) == "online");
        var first = await HeartbeatAsync(node.Id);
        await Until.TrueAsync("it has reported again", async () => await HeartbeatAsync(node.Id) > first);

        Assert.Equal(0, await _duty.RunAsync(default));

        var server = Assert.Single((await _registry.ReadAsync(default)).Servers);
        Assert.Equal(ServerStatus.Online, server.Status);
        Assert.InRange(server.HeartbeatAge, TimeSpan.Zero, _cluster.Value.OfflineAfter);
        var chunk = await node.PutAsync([1, 2, 3]);
        Assert.Equal([1, 2, 3], await node.GetAsync(chunk, 0, 3));
    }

    [Fact]
    public async Task Run_SilentServers_AreAnnouncedAndWakeTheDutiesThatFollow()
    {
        await RegisterAsync(s_ids);
        await ExecuteAsync($"UPDATE storage_servers SET last_heartbeat = now() - interval '1 minute' WHERE server_id <> '{s_ids[0]}'");
        await using var ears = await _postgres.Database.OpenConnectionAsync();
        var heard = new List<string>();
        ears.Notification += (_, signal) => heard.Add($"{signal.Channel} {signal.Payload}");
        await using (var listen = new NpgsqlCommand($"LISTEN {NodeRegistry.Channel}; LISTEN {DutySignals.Channel}", ears))
        {
            await listen.ExecuteNonQueryAsync();
        }

        Assert.Equal(2, await _duty.RunAsync(default));
        Assert.Equal(0, await _duty.RunAsync(default));

        await ExecuteAsync("SELECT pg_notify('duty_wanted', 'the end')");
        while (!heard.Contains("duty_wanted the end"))
        {
            Assert.True(await ears.WaitAsync(TimeSpan.FromSeconds(10)), "The last signal never came.");
        }

        Assert.Equal(
            new[]
            {
                $"cluster_changed {s_ids[1]}", $"cluster_changed {s_ids[2]}",
                "duty_wanted integrity", "duty_wanted repair", "duty_wanted the end",
            }.Order(),
            heard.Order());
    }

    [Theory]
    [InlineData("draining")]
    [InlineData("removed")]
    public async Task Run_AnOperatorTookTheServerOut_ItsStatusStays(string status)
    {
        await RegisterAsync(s_ids[0]);
        await ExecuteAsync($"UPDATE storage_servers SET status = '{status}', last_heartbeat = now() - interval '1 hour'");

        Assert.Equal(0, await _duty.RunAsync(default));

        Assert.Equal(status, await StoredStatusAsync(s_ids[0]));
    }

    [Fact]
    public async Task Run_CopiesOnARemovedServer_AreForgottenButForThoseOfAnUpload()
    {
        await RegisterAsync(s_ids[0], s_ids[1]);
        await CopyRows.AddAsync(_postgres.Database, [(s_ids[0], "stored"), (s_ids[1], "stored")], count: 3);
        await CopyRows.AddAsync(_postgres.Database, [(s_ids[0], "writing")], count: 1);
        await ExecuteAsync($"UPDATE storage_servers SET status = 'removed' WHERE server_id = '{s_ids[0]}'");

        Assert.Equal(3, await _duty.RunAsync(default));

        var administration = new NodeAdministrator(_postgres.Database, _cluster, NullLogger<NodeAdministrator>.Instance);
        Assert.Equal([KeyValuePair.Create("writing", 1L)], await administration.CountCopiesAsync(s_ids[0], default));
        Assert.Equal([KeyValuePair.Create("stored", 3L)], await administration.CountCopiesAsync(s_ids[1], default));
    }

    [Fact]
    public async Task Run_Always_MeasuresEveryServerUntilItIsOld()
    {
        await RegisterAsync(s_ids);
        await ExecuteAsync($"UPDATE storage_servers SET last_heartbeat = now() - interval '10 seconds' WHERE server_id = '{s_ids[0]}'");
        await ExecuteAsync($"UPDATE storage_servers SET status = 'removed' WHERE server_id = '{s_ids[2]}'");
        var measured = new Dictionary<string, double>();
        using var listener = Listen(measured);

        await _duty.RunAsync(default);
        listener.RecordObservableInstruments();

        Assert.InRange(measured[$"mediaaspire.membership.heartbeat.age {s_ids[0]} offline"], 10, 30);
        Assert.InRange(measured[$"mediaaspire.membership.heartbeat.age {s_ids[1]} online"], 0, 9);
        Assert.Equal(1000, measured[$"mediaaspire.membership.available {s_ids[1]} online"]);
        Assert.Equal(10, measured[$"mediaaspire.membership.used {s_ids[1]} online"]);
        Assert.Equal(1, measured[$"mediaaspire.membership.chunks {s_ids[1]} online"]);
        Assert.Equal(1, measured["mediaaspire.membership.silent"]);
        Assert.DoesNotContain(measured.Keys, key => key.Contains(s_ids[2].ToString(), StringComparison.Ordinal));

        // A worker that has lost the lease reports nothing.
        measured.Clear();
        _time.Advance(TimeSpan.FromSeconds(15));
        listener.RecordObservableInstruments();
        Assert.Empty(measured);
    }

    private MeterListener Listen(Dictionary<string, double> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == MembershipMetrics.MeterName
                    && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured[Key(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured[Key(instrument, tags)] = value);
        listener.Start();
        return listener;

        static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            string.Join(' ', tags.ToArray().Select(tag => tag.Value).Prepend(instrument.Name));
    }

    private async Task RegisterAsync(params ServerId[] ids)
    {
        foreach (var id in ids)
        {
            await _registry.RegisterAsync(
                new NodeReport(id, PostgresFixture.Cluster, id.ToString(), new Uri("http://127.0.0.1:1"), 1000, 10, 1), default);
        }
    }

    private async Task<string?> StoredStatusAsync(ServerId id) =>
        (string?)await ScalarAsync($"SELECT status FROM storage_servers WHERE server_id = '{id}'");

    private async Task<DateTime> HeartbeatAsync(ServerId id) =>
        (DateTime)(await ScalarAsync($"SELECT last_heartbeat FROM storage_servers WHERE server_id = '{id}'"))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
