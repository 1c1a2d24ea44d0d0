using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Repair;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Repair;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Repair;

public sealed class RepairTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_lost_node_s_chunks_get_their_copies_again_even_with_two_workers_at_it()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 5);
        await cluster.UploadManyAsync(12, 100_000);
        var lost = cluster.Servers[0];
        var copies = (await cluster.CopiesAsync()).Count(copy => copy.Server == lost);
        Assert.True(copies > 5);
        await cluster.KillAsync(lost);
        await cluster.AssessAsync();
        Assert.Equal(copies, await BacklogAsync(cluster));

        await using var one = MakeWorker(cluster);
        await using var other = MakeWorker(cluster);
        var done = await Task.WhenAll(RunAsync(one), RunAsync(other));
        await RunAsync(one);

        Assert.True(done.Sum() >= copies);
        Assert.Equal(0, await BacklogAsync(cluster));
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task The_most_endangered_chunks_come_first()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 6, copies: 3);
        await cluster.UploadManyAsync(8, 60_000);
        var lost = cluster.Servers.Take(2).ToHashSet();
        foreach (var server in lost)
        {
            await cluster.KillAsync(server);
        }

        await cluster.AssessAsync();
        await using var worker = MakeWorker(cluster);
        var order = await worker.GetRequiredService<RepairBacklog>().NextAsync(limit: 1000, CancellationToken.None);

        var live = (await cluster.CopiesAsync()).Where(copy => !lost.Contains(copy.Server)).CountBy(copy => copy.Chunk).ToDictionary();
        var counts = order.Select(item => live[item.Chunk]).ToList();
        Assert.Equal(counts, order.Select(item => item.Live));
        Assert.All(order, item => Assert.Equal(
            item.Live == 1 ? JobPriority.High : JobPriority.Normal, RepairChunk.Of(item.Chunk, item.Live, TimeProvider.System).Priority));
        Assert.Contains(1, counts);
        Assert.Contains(2, counts);
        Assert.Equal(counts.Order(), counts);
        await RunAsync(worker);
        await cluster.AssertWholeAsync(copies: 3);
    }

    [Fact]
    public async Task A_damaged_copy_is_healed_in_its_place_when_there_is_no_other_server()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 2);
        await cluster.UploadAsync(1, 300_000);
        var bad = (await cluster.CopiesAsync())[0];
        cluster.Damage(bad.Server, bad.Chunk);
        Assert.False((await cluster.NodeOf(bad.Server).Client.VerifyAsync(bad.Chunk, default)).IsIntact);
        await cluster.MarkAsync(bad.Chunk, bad.Server, CopyStatus.Corrupt);

        await using var worker = MakeWorker(cluster);
        Assert.Equal(1, await RunAsync(worker));

        await cluster.AssertWholeAsync(copies: 2);
        Assert.Equal(0, await RunAsync(worker));
    }

    [Fact]
    public async Task A_missing_copy_is_made_again()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadAsync(1, 300_000);
        var gone = (await cluster.CopiesAsync())[0];
        await cluster.NodeOf(gone.Server).Client.DeleteAsync(gone.Chunk, default);
        await cluster.MarkAsync(gone.Chunk, gone.Server, CopyStatus.Missing);

        await using var worker = MakeWorker(cluster);
        await RunAsync(worker);

        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task A_source_that_turns_out_damaged_is_put_on_record_and_healed_from_the_other()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3, copies: 3);
        await cluster.UploadAsync(1, 50_000);
        var chunk = (await cluster.CopiesAsync())[0].Chunk;
        var copies = (await cluster.CopiesAsync()).Where(copy => copy.Chunk == chunk).ToList();
        await cluster.NodeOf(copies[0].Server).Client.DeleteAsync(chunk, default);
        await cluster.MarkAsync(chunk, copies[0].Server, CopyStatus.Missing);
        cluster.Damage(copies[1].Server, chunk);

        await using var worker = MakeWorker(cluster);
        await RunAsync(worker);
        await cluster.MarkAsync(chunk, copies[1].Server, CopyStatus.Corrupt);
        await RunAsync(worker);

        await cluster.AssertWholeAsync(copies: 3);
    }

    [Fact]
    public async Task A_damaged_copy_without_a_good_one_stays()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 2);
        await cluster.UploadAsync(1, 100_000);
        var chunk = (await cluster.CopiesAsync())[0].Chunk;
        foreach (var copy in (await cluster.CopiesAsync()).Where(copy => copy.Chunk == chunk))
        {
            cluster.Damage(copy.Server, chunk);
            await cluster.MarkAsync(chunk, copy.Server, CopyStatus.Corrupt);
        }

        await cluster.AssessAsync();
        await using var worker = MakeWorker(cluster);
        await RunAsync(worker);

        Assert.Equal(
            [CopyStatus.Corrupt, CopyStatus.Corrupt],
            (await cluster.CopiesAsync()).Where(copy => copy.Chunk == chunk).Select(copy => copy.Status));
        Assert.Equal(2, cluster.Servers.Sum(server =>
            cluster.NodeOf(server).Files.Count(file => Path.GetFileNameWithoutExtension(file) == $"{chunk}")));
    }

    [Fact]
    public async Task A_damaged_copy_whose_only_source_fails_in_mid_heal_stays()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 2);
        await cluster.UploadAsync(1, 100_000);
        var bad = (await cluster.CopiesAsync())[0];
        var good = (await cluster.CopiesAsync()).Single(copy => copy.Chunk == bad.Chunk && copy.Server != bad.Server);
        await cluster.MarkAsync(bad.Chunk, bad.Server, CopyStatus.Corrupt);
        await cluster.NodeOf(good.Server).AbortAsync();

        await using var worker = MakeWorker(cluster);
        await RunAsync(worker);

        Assert.Contains((await cluster.CopiesAsync()), copy => copy == (bad.Chunk, bad.Server, CopyStatus.Corrupt));
    }

    [Fact]
    public async Task A_server_that_comes_back_leaves_no_copy_too_many()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 4);
        await cluster.UploadManyAsync(6, 60_000);
        var away = cluster.Servers[1];
        await cluster.ExecuteAsync($"UPDATE storage_servers SET last_heartbeat = now() - interval '3 hours' WHERE server_id = '{away}'");
        await cluster.RefreshAsync();
        await cluster.AssessAsync();
        await using (var worker = MakeWorker(cluster))
        {
            Assert.True(await RunAsync(worker) > 0);
        }

        await cluster.ExecuteAsync($"UPDATE storage_servers SET last_heartbeat = now() WHERE server_id = '{away}'");
        await cluster.RefreshAsync();
        await using var later = MakeWorker(cluster, new() { SurplusPage = 5, Interval = TimeSpan.Zero });
        for (var i = 0; i < 10; i++)
        {
            await RunAsync(later);
        }

        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task The_next_worker_finishes_the_work_of_a_killed_one()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 4);
        await cluster.UploadManyAsync(3, 60_000);
        var lost = cluster.Servers[0];
        await cluster.KillAsync(lost);
        await cluster.AssessAsync();
        await using var worker = MakeWorker(cluster);
        var work = (await worker.GetRequiredService<RepairBacklog>().NextAsync(10, default)).Select(item => item.Chunk).ToList();

        // One worker killed before its node made the copy, one after that.
        for (var i = 0; i < 2; i++)
        {
            var held = (await cluster.CopiesAsync()).Where(copy => copy.Chunk == work[i]).Select(copy => copy.Server).ToHashSet();
            var target = cluster.Servers.First(server => !held.Contains(server));
            var source = held.First(server => server != lost);
            var (ticket, _) = await cluster.Ledger.BeginAsync(work[i], target, default);
            Assert.NotNull(ticket);
            if (i == 1)
            {
                await cluster.NodeOf(target).Client.CopyAsync(work[i], source, default);
            }
        }

        // While they may be alive, their copies are not touched.
        await RunAsync(worker);
        Assert.Equal(2, (await cluster.CopiesAsync()).Count(copy => copy.Status == CopyStatus.Copying));

        await cluster.ExecuteAsync("UPDATE chunk_replicas SET copying_until = now() - interval '1 second' WHERE status = 'copying'");
        await RunAsync(worker);

        await cluster.AssertWholeAsync(copies: 2);
        Assert.Equal(0, await BacklogAsync(cluster));
    }

    [Fact]
    public async Task A_worker_that_wakes_too_late_changes_nothing()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadAsync(1, 1000);
        var chunk = (await cluster.CopiesAsync())[0].Chunk;
        var copies = (await cluster.CopiesAsync()).Where(copy => copy.Chunk == chunk);
        var target = cluster.Servers.Except(copies.Select(copy => copy.Server)).Single();
        var (late, _) = await cluster.Ledger.BeginAsync(chunk, target, default);
        Assert.Equal(CopyOutcome.Busy, (await cluster.Ledger.BeginAsync(chunk, target, default)).Outcome);
        await cluster.Ledger.ReleaseAsync(late!, default);

        Assert.Equal(CopyOutcome.Stored, (await cluster.Maker.MakeAsync(new(chunk, target, 0), default)).Outcome);

        Assert.False(await cluster.Ledger.RenewAsync(late!, default));
        await cluster.Ledger.AbandonAsync(late!, default);
        Assert.Equal(CopyOutcome.Lost, await cluster.Ledger.FinishAsync(late!, null, [], default));
        Assert.Contains((await cluster.CopiesAsync()), copy => copy == (chunk, target, CopyStatus.Stored));
    }

    [Fact]
    public async Task Repair_that_is_stopped_again_and_again_gets_there()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 5);
        await cluster.UploadManyAsync(10, 200_000);
        await cluster.KillAsync(cluster.Servers[2]);
        await cluster.AssessAsync();
        var random = new Random(7);
        for (var i = 0; i < 20; i++)
        {
            await using var killed = MakeWorker(cluster);
            using var kill = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 60)));
            try
            {
                await killed.RunAsync<RepairDuty>(kill.Token);
            }
            catch (OperationCanceledException)
            {
                // Intended.
            }
        }

        // A worker that is killed during its commit reports nothing, and its jobs are due when their leases end.
        await cluster.ExecuteAsync("UPDATE chunk_replicas SET copying_until = now() - interval '1 second' WHERE status = 'copying'");
        await cluster.ExecuteAsync("UPDATE jobs SET run_at = now()");
        await using var worker = MakeWorker(cluster);
        await RunAsync(worker);

        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task Remainders_of_failed_servers_are_removed()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadAsync(1, 1000);
        var chunk = (await cluster.CopiesAsync())[0].Chunk;
        var copies = (await cluster.CopiesAsync()).Where(copy => copy.Chunk == chunk);
        var failed = cluster.Servers.Except(copies.Select(copy => copy.Server)).Single();
        await cluster.ExecuteAsync($"INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES ('{chunk}', '{failed}', 'failed')");

        await using var worker = MakeWorker(cluster);
        Assert.Equal(1, await RunAsync(worker));

        Assert.Contains((await cluster.CopiesAsync()), copy => copy == (chunk, failed, CopyStatus.Deleting));
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task Repairs_are_measured()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 4);
        await cluster.UploadManyAsync(2, 60_000);
        var lost = cluster.Servers[0];
        var copies = (await cluster.CopiesAsync()).Count(copy => copy.Server == lost);
        await cluster.KillAsync(lost);
        await cluster.AssessAsync();
        await using var worker = MakeWorker(cluster);
        var measured = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        var meters = worker.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == RepairMetrics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.AddOrUpdate(
            $"{instrument.Name} {instrument.Unit} {(tags.Length > 0 ? tags[0].Value : "")}".TrimEnd(), value, (_, sum) => sum + value));
        listener.Start();

        worker.GetRequiredService<RepairMetrics>().Backlog(await worker.GetRequiredService<RepairBacklog>().CountAsync(default));
        listener.RecordObservableInstruments();
        await RunAsync(worker);

        Assert.Equal(copies, measured["mediaaspire.repair.backlog {chunk} 1"]);
        Assert.Equal(copies, measured["mediaaspire.repair.copies {copy} stored"]);
        Assert.Equal(copies * 10_000, measured["mediaaspire.repair.copied By"]);
    }

    private static ServiceProvider MakeWorker(LivingCluster cluster, RepairOptions? options = null) => cluster.MakeWorker(builder =>
    {
        builder.Services.AddSingleton(Options.Create(options ?? new RepairOptions { MaxBytesPerSecond = 0 }));
        builder.AddRepair();
    });

    private static Task<long> RunAsync(ServiceProvider worker) => worker.RunAsync<RepairDuty>();

    private static Task<long> BacklogAsync(LivingCluster cluster) => cluster.ScalarAsync<long>("SELECT count(*) FROM endangered_chunks");
}
