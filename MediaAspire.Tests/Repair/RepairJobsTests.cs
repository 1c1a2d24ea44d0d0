using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Repair;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Repair;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Repair;

/// <summary>Tests of repairs as jobs, while workers and the queue fail.</summary>
public sealed class RepairJobsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_planner_puts_in_no_more_than_its_window_and_goes_on_as_items_end()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3, copies: 3);
        await cluster.UploadManyAsync(30, 1000);
        await LoseCopiesAsync(cluster, each: 1);
        await using var worker = MakeWorker(cluster);
        var lacking = await cluster.ScalarAsync<long>("SELECT count(*) FROM endangered_chunks");
        Assert.True(lacking > DutyItems.Window);

        Assert.Equal(DutyItems.Window, await PlanAsync(worker));
        Assert.Equal(0, await PlanAsync(worker));
        Assert.Equal(DutyItems.Window, Assert.Single(await worker.GetRequiredService<IJobStats>().ReadAsync(default)).Ready);

        Assert.Equal(DutyItems.Window, await worker.RunJobsAsync());
        Assert.Equal(Math.Min(DutyItems.Window, lacking - DutyItems.Window), await PlanAsync(worker));
        await worker.RunAsync<RepairDuty>();
        await cluster.AssertWholeAsync(copies: 3);
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM duty_items"));
    }

    [Fact]
    public async Task Jobs_that_the_queue_lost_are_put_in_again()
    {
        await using var cluster = await StartWithOneLackingAsync();
        await using var worker = MakeWorker(cluster);
        Assert.Equal(1, await PlanAsync(worker));

        await cluster.ExecuteAsync("TRUNCATE jobs");
        Assert.Equal(0, await PlanAsync(worker));
        await PassTimeAsync(cluster);

        Assert.Equal(1, await PlanAsync(worker));
        Assert.Equal(1, await worker.RunJobsAsync());
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task A_job_that_takes_long_is_not_doubled()
    {
        await using var cluster = await StartWithOneLackingAsync();
        await using var worker = MakeWorker(cluster);
        await PlanAsync(worker);
        var running = Assert.Single((await TakeAsync(worker)).Jobs);

        for (var i = 0; i < 3; i++)
        {
            await PassTimeAsync(cluster);
            Assert.Equal(1, await PlanAsync(worker));
        }

        Assert.Equal(running.Id.Value, await cluster.ScalarAsync<Guid>("SELECT id FROM jobs"));
        Assert.Empty((await TakeAsync(worker)).Jobs);
    }

    [Fact]
    public async Task A_dead_letter_is_retried_by_itself_and_then_removed()
    {
        await using var cluster = await StartWithOneLackingAsync();
        await using var worker = MakeWorker(cluster);
        var dead = worker.GetRequiredService<IDeadJobs>();
        await PlanAsync(worker);
        var job = (await TakeAsync(worker)).Jobs[0];
        Assert.True(await worker.GetRequiredService<IJobSource>().MoveToDeadLettersAsync(job, "poison", default));
        var letter = Assert.Single(await dead.ListAsync(null, 10, default));
        Assert.Equal((RepairChunk.Kind.Name, "poison"), (letter.Kind, letter.Error));

        Assert.Equal(0, await PlanAsync(worker));
        await PassTimeAsync(cluster);
        Assert.Equal(1, await PlanAsync(worker));

        Assert.Empty(await dead.ListAsync(null, 10, default));
        Assert.Equal(1, await worker.RunJobsAsync());
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task Items_that_are_stuck_leave_their_places_to_others()
    {
        await using var cluster = await StartWithOneLackingAsync();
        await using var worker = MakeWorker(cluster);
        await cluster.ExecuteAsync($"""
            INSERT INTO duty_items (duty, item, job_id, tries, due_at)
            SELECT 'repair', gen_random_uuid(), gen_random_uuid(), 1, now() + interval '1 hour'
            FROM generate_series(1, {2 * DutyItems.Window})
            """);
        Assert.Equal(0, await PlanAsync(worker));

        await cluster.ExecuteAsync("UPDATE duty_items SET tries = 3");

        Assert.Equal(1, await PlanAsync(worker));
    }

    [Fact]
    public async Task A_chunk_with_one_copy_left_finds_a_place_though_the_window_is_full()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3, copies: 3);
        await cluster.UploadManyAsync(30, 1000);
        await LoseCopiesAsync(cluster, each: 1);
        await using var worker = MakeWorker(cluster);
        Assert.Equal(DutyItems.Window, await PlanAsync(worker));

        var chunk = await cluster.ScalarAsync<Guid>(
            "SELECT chunk_id FROM chunks c WHERE NOT EXISTS (SELECT FROM duty_items i WHERE i.item = c.chunk_id) LIMIT 1");
        await cluster.ExecuteAsync($"""
            UPDATE chunk_replicas SET status = 'missing' WHERE chunk_id = '{chunk}' AND server_id =
                (SELECT min(server_id::text)::uuid FROM chunk_replicas WHERE chunk_id = '{chunk}' AND status = 'stored')
            """);
        await cluster.ExecuteAsync($"UPDATE endangered_chunks SET live = 1 WHERE chunk_id = '{chunk}'");

        Assert.Equal(1, await PlanAsync(worker));
        Assert.Equal((short)JobPriority.High, await cluster.ScalarAsync<short>($"SELECT priority FROM jobs WHERE unique_key = '{chunk}'"));
    }

    [Fact]
    public async Task Impossible_repairs_rest_and_are_retried_when_a_server_joins()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 2);
        await cluster.UploadAsync(1, 1000);
        await cluster.KillAsync(cluster.Servers[0]);
        await cluster.AssessAsync();
        await using var worker = MakeWorker(cluster);
        var lacking = await PlanAsync(worker);
        Assert.Equal(lacking, await worker.RunJobsAsync());
        Assert.Equal(lacking, (await LoadAsync(worker)).Resting);
        Assert.Equal(0, await PlanAsync(worker));

        await cluster.AddNodeAsync();

        Assert.Equal(lacking, await PlanAsync(worker));
        await worker.RunJobsAsync();
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task A_full_queue_costs_no_item()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3, copies: 3);
        await cluster.UploadManyAsync(3, 1000);
        await LoseCopiesAsync(cluster, each: 1);
        await using var worker = MakeWorker(cluster, new JobOptions { MaxDepth = 2 });

        Assert.Equal(2, await PlanAsync(worker));
        Assert.Equal(new DutyLoad(Fresh: 2, InQueue: 2, Resting: 0), await LoadAsync(worker));
    }

    [Fact]
    public async Task The_last_items_end_wakes_the_planner()
    {
        await using var cluster = await StartWithOneLackingAsync();
        await using var worker = MakeWorker(cluster);
        var signalled = new TaskCompletionSource();
        await using var listener = await postgres.Database.OpenConnectionAsync();
        listener.Notification += (_, signal) => signalled.TrySetResult();
        await using (var listen = new Npgsql.NpgsqlCommand($"LISTEN {DutySignals.Channel}", listener))
        {
            await listen.ExecuteNonQueryAsync();
        }

        await PlanAsync(worker);
        await worker.RunJobsAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await listener.WaitAsync(limit.Token);
        Assert.True(signalled.Task.IsCompleted);
    }

    private async Task<LivingCluster> StartWithOneLackingAsync()
    {
        var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadAsync(1, 1000);
        var copy = (await cluster.CopiesAsync())[0];
        await cluster.NodeOf(copy.Server).Client.DeleteAsync(copy.Chunk, default);
        await cluster.MarkAsync(copy.Chunk, copy.Server, CopyStatus.Missing);
        return cluster;
    }

    private static async Task LoseCopiesAsync(LivingCluster cluster, int each)
    {
        foreach (var copy in (await cluster.CopiesAsync()).GroupBy(copy => copy.Chunk).SelectMany(copies => copies.Take(each)))
        {
            await cluster.NodeOf(copy.Server).Client.DeleteAsync(copy.Chunk, default);
            await cluster.MarkAsync(copy.Chunk, copy.Server, CopyStatus.Missing);
        }
    }

    // Simulates a minute of the database's clock.
    private static Task PassTimeAsync(LivingCluster cluster) => cluster.ExecuteAsync("UPDATE duty_items SET due_at = now()");

    private static Task<TakenJobs> TakeAsync(ServiceProvider worker) =>
        worker.GetRequiredService<IJobSource>().TakeAsync([RepairChunk.Kind.Name], 10, TimeSpan.FromMinutes(10), CancellationToken.None);

    private static async Task<long> PlanAsync(ServiceProvider worker)
    {
        await worker.GetRequiredService<Core.Cluster.ClusterView>().RefreshAsync(CancellationToken.None);
        return await worker.GetRequiredService<RepairDuty>().RunAsync(CancellationToken.None);
    }

    private static Task<DutyLoad> LoadAsync(ServiceProvider worker) =>
        worker.GetRequiredService<DutyItems>().CountAsync(DutyNames.Repair, CancellationToken.None);

    private static ServiceProvider MakeWorker(LivingCluster cluster, JobOptions? jobs = null) => cluster.MakeWorker(builder =>
    {
        builder.Services.AddSingleton(Options.Create(jobs ?? new JobOptions()));
        builder.Services.AddSingleton(Options.Create(new RepairOptions { MaxBytesPerSecond = 0 }));
        builder.AddRepair();
    });
}
