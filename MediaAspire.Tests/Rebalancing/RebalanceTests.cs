using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Rebalancing;
using MediaAspire.Worker.Repair;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Rebalancing;

public sealed class RebalanceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_seventh_server_gets_a_seventh_of_the_copies_while_every_read_succeeds()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 6);
        await cluster.UploadManyAsync(60, 6000);
        var before = await cluster.CopiesAsync();
        var joined = await cluster.AddNodeAsync();
        await using var worker = MakeWorker(cluster);
        var plan = await PlanAsync(worker, RebalanceReason.Command);

        using var moving = new CancellationTokenSource();
        var reading = ReadUntilAsync(cluster, moving.Token);
        Assert.Equal(RebalanceChange.Done, await StoreOf(worker).StartAsync(plan.Id, default));
        await RunAsync(worker);
        await moving.CancelAsync();
        Assert.True(await reading > 0);

        var ended = await FindAsync(worker, plan.Id);
        Assert.Equal((RebalanceState.Completed, plan.Moves, plan.Bytes), (ended.State, ended.MovesDone, ended.BytesDone));
        Assert.InRange((double)plan.Moves / before.Count, 0.08, 0.22);
        await AssertNothingMovedButOntoAsync(cluster, before, joined, plan.Moves);
        var share = Assert.Single(await StoreOf(worker).ReadSharesAsync(plan.Id, default), share => share.Server == joined);
        Assert.Equal((0, plan.Moves), (share.CopiesBefore, share.CopiesAfter));
        await cluster.AssertWholeAsync(copies: 2);

        // An even distribution needs no moves.
        Assert.Equal(0, (await PlanAsync(worker, RebalanceReason.Command)).Moves);
    }

    [Fact]
    public async Task A_server_that_drains_is_emptied_and_its_copies_stand_elsewhere()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 5);
        await cluster.UploadManyAsync(15, 6000);
        var drained = cluster.Servers[3];
        await cluster.DrainAsync(drained);

        await using var worker = MakeWorker(cluster);
        Assert.True(await RunAsync(worker) > 0);

        Assert.DoesNotContain(await cluster.CopiesAsync(), copy => copy.Server == drained && copy.Status != CopyStatus.Deleting);
        await cluster.AssertWholeAsync(copies: 2);
        Assert.Empty(cluster.NodeOf(drained).Files);
        var done = Assert.Single(await StoreOf(worker).ListAsync(10, default));
        Assert.Equal((RebalanceReason.Drain, RebalanceState.Completed), (done.Reason, done.State));
    }

    [Fact]
    public async Task A_server_whose_drain_is_cancelled_keeps_its_remaining_copies()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(3, 6_000_000);
        var drained = cluster.Servers[0];
        await cluster.DrainAsync(drained);
        await using var worker = MakeWorker(cluster, bytesPerSecond: 1);
        var running = RunAsync(worker);
        await WaitForCopyingAsync(cluster);

        await cluster.ExecuteAsync($"UPDATE storage_servers SET status = 'online' WHERE server_id = '{drained}'");
        await running.WaitAsync(s_patience);

        Assert.Equal(RebalanceState.Cancelled, Assert.Single(await StoreOf(worker).ListAsync(10, default)).State);
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task Pause_and_cancel_take_effect_in_the_middle_of_a_copy()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(6, 6_000_000);
        await cluster.AddNodeAsync();
        await using var slow = MakeWorker(cluster, bytesPerSecond: 1);
        var store = StoreOf(slow);
        var plan = await PlanAsync(slow, RebalanceReason.Command);
        Assert.True(plan.Moves > 3);
        Assert.Equal(plan.Bytes, plan.Estimate!.Value.TotalSeconds);
        await store.StartAsync(plan.Id, default);

        // At one byte a second the first copy waits after its first run of blocks, for days.
        var running = RunAsync(slow);
        await WaitForCopyingAsync(cluster);
        Assert.Equal(RebalanceChange.Done, await store.PauseAsync(plan.Id, default));
        await running.WaitAsync(s_patience);
        Assert.Equal(0, (await FindAsync(slow, plan.Id)).MovesDone);
        Assert.Equal(0, await RunAsync(slow));
        Assert.Equal(RebalanceChange.WrongState, await store.PauseAsync(plan.Id, default));

        // One at a time, also while it is paused.
        var second = await PlanAsync(slow, RebalanceReason.Command);
        Assert.Equal(RebalanceChange.OtherActive, await store.StartAsync(second.Id, default));

        Assert.Equal(RebalanceChange.Done, await store.ResumeAsync(plan.Id, default));
        await using var next = MakeWorker(cluster, bytesPerSecond: 1);
        running = RunAsync(next);
        await WaitForCopyingAsync(cluster);
        Assert.Equal(RebalanceChange.Done, await store.CancelAsync(plan.Id, default));
        await running.WaitAsync(s_patience);

        var ended = await FindAsync(slow, plan.Id);
        Assert.Equal((RebalanceState.Cancelled, plan.Moves), (ended.State, ended.MovesDone + ended.MovesSkipped));
        await cluster.AssertWholeAsync(copies: 2);

        // The next one may start now, and gets through.
        await using var fast = MakeWorker(cluster);
        Assert.Equal(RebalanceChange.Done, await store.StartAsync(second.Id, default));
        await RunAsync(fast);
        Assert.Equal(RebalanceState.Completed, (await FindAsync(fast, second.Id)).State);
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task A_paused_rebalance_goes_on_where_it_was()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(6, 6_000_000);
        await cluster.AddNodeAsync();
        await using var slow = MakeWorker(cluster, bytesPerSecond: 1);
        var plan = await PlanAsync(slow, RebalanceReason.Command);
        await StoreOf(slow).StartAsync(plan.Id, default);
        var running = RunAsync(slow);
        await WaitForCopyingAsync(cluster);
        await StoreOf(slow).PauseAsync(plan.Id, default);
        await running.WaitAsync(s_patience);

        await using var fast = MakeWorker(cluster);
        await StoreOf(fast).ResumeAsync(plan.Id, default);
        await RunAsync(fast);

        var ended = await FindAsync(fast, plan.Id);
        Assert.Equal((RebalanceState.Completed, plan.Moves), (ended.State, ended.MovesDone));
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task A_rebalance_whose_workers_are_killed_again_and_again_moves_every_copy_once()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 4);
        await cluster.UploadManyAsync(20, 60_000);
        var before = await cluster.CopiesAsync();
        var joined = await cluster.AddNodeAsync();
        await using var worker = MakeWorker(cluster);
        var plan = await PlanAsync(worker, RebalanceReason.Command);
        await StoreOf(worker).StartAsync(plan.Id, default);
        var random = new Random(11);
        for (var i = 0; i < 20; i++)
        {
            await using var killed = MakeWorker(cluster);
            using var kill = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 40)));
            try
            {
                await killed.RunAsync<RebalanceDuty>(kill.Token);
            }
            catch (OperationCanceledException)
            {
                // Intended.
            }
        }

        // A worker that is killed during its commit reports nothing, and its jobs are due when their leases end.
        await cluster.ExecuteAsync("UPDATE chunk_replicas SET copying_until = now() - interval '1 second' WHERE status = 'copying'");
        await cluster.ExecuteAsync("UPDATE jobs SET run_at = now()");

        // Two in parallel: one has lost its lease without noticing.
        await using var other = MakeWorker(cluster);
        await Task.WhenAll(RunAsync(worker), RunAsync(other));
        await RunAsync(worker);

        var ended = await FindAsync(worker, plan.Id);
        Assert.Equal((RebalanceState.Completed, plan.Moves, plan.Bytes), (ended.State, ended.MovesDone, ended.BytesDone));
        await AssertNothingMovedButOntoAsync(cluster, before, joined, plan.Moves);
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_move_that_a_killed_worker_left_is_finished(bool copied)
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(5, 6000);
        await cluster.AddNodeAsync();
        await using var worker = MakeWorker(cluster);
        var store = StoreOf(worker);
        var plan = await PlanAsync(worker, RebalanceReason.Command);
        await store.StartAsync(plan.Id, default);
        var move = (await store.NextMovesAsync(plan.Id, 1, default))[0];
        Assert.True(await store.BeginMoveAsync(plan.Id, move.Chunk, default));
        Assert.NotNull((await cluster.Ledger.BeginAsync(move.Chunk, move.To, default)).Ticket);
        if (copied)
        {
            await cluster.NodeOf(move.To).Client.CopyAsync(move.Chunk, move.From, default);
        }

        // The copy waits while its worker may be alive; the others move.
        await RunAsync(worker);
        var running = await FindAsync(worker, plan.Id);
        Assert.Equal((RebalanceState.Running, plan.Moves - 1), (running.State, running.MovesDone));

        await cluster.ExecuteAsync("UPDATE chunk_replicas SET copying_until = now() - interval '1 second' WHERE status = 'copying'");
        await RunAsync(worker);

        var ended = await FindAsync(worker, plan.Id);
        Assert.Equal((RebalanceState.Completed, plan.Moves), (ended.State, ended.MovesDone));
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task A_file_deleted_in_the_middle_of_its_move_stays_deleted()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(4, 6000);
        await cluster.AddNodeAsync();
        await using var worker = MakeWorker(cluster);
        var store = StoreOf(worker);
        var plan = await PlanAsync(worker, RebalanceReason.Command);
        await store.StartAsync(plan.Id, default);
        var move = (await store.NextMovesAsync(plan.Id, 1, default))[0];
        var (ticket, _) = await cluster.Ledger.BeginAsync(move.Chunk, move.To, default);
        await cluster.NodeOf(move.To).Client.CopyAsync(move.Chunk, move.From, default);

        var file = new FileId(await cluster.ScalarAsync<Guid>($"SELECT file_id FROM chunks WHERE chunk_id = '{move.Chunk}'"));
        await cluster.DeleteAsync(file);

        Assert.Equal(CopyOutcome.Gone, await cluster.Ledger.FinishAsync(ticket!, move.From, [], default));
        var copies = (await cluster.CopiesAsync()).Where(copy => copy.Chunk == move.Chunk).ToList();
        Assert.Contains(copies, copy => copy == (move.Chunk, move.To, CopyStatus.Deleting));
        Assert.Contains(copies, copy => copy == (move.Chunk, move.From, CopyStatus.Stored));
        await RunAsync(worker);
        var ended = await FindAsync(worker, plan.Id);
        Assert.Equal(RebalanceState.Completed, ended.State);
        Assert.True(ended.MovesSkipped > 0);
        Assert.Equal(plan.Moves, ended.MovesDone + ended.MovesSkipped);
        await cluster.AssertAllReadableAsync();
    }

    [Fact]
    public async Task A_node_that_dies_fails_its_moves_and_costs_no_copy()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 4);
        await cluster.UploadManyAsync(6, 6000);
        var before = await cluster.CopiesAsync();
        var joined = await cluster.AddNodeAsync();
        await using var worker = MakeWorker(cluster);
        var plan = await PlanAsync(worker, RebalanceReason.Command);
        await StoreOf(worker).StartAsync(plan.Id, default);
        await cluster.NodeOf(joined).AbortAsync();

        await RunAsync(worker);

        var ended = await FindAsync(worker, plan.Id);
        Assert.Equal((RebalanceState.Completed, plan.Moves), (ended.State, ended.MovesFailed));
        Assert.Equal(before.ToHashSet(), (await cluster.CopiesAsync()).Where(copy => copy.Status == CopyStatus.Stored).ToHashSet());
        await cluster.AssertAllReadableAsync();
    }

    [Fact]
    public async Task Repair_and_rebalance_together_leave_every_chunk_with_its_copies()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 5);
        await cluster.UploadManyAsync(15, 60_000);
        await cluster.AddNodeAsync();
        await using var worker = MakeWorker(cluster);
        var plan = await PlanAsync(worker, RebalanceReason.Command);
        await StoreOf(worker).StartAsync(plan.Id, default);
        await cluster.KillAsync(cluster.Servers[0]);
        await cluster.AssessAsync();
        await worker.GetRequiredService<ClusterView>().RefreshAsync(default);

        await Task.WhenAll(RunAsync(worker), worker.RunAsync<RepairDuty>());
        for (var i = 0; i < 3; i++)
        {
            await RunAsync(worker);
            await cluster.CollectAsync();
            await worker.RunAsync<RepairDuty>();
        }

        Assert.Equal(RebalanceState.Completed, (await FindAsync(worker, plan.Id)).State);
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM endangered_chunks"));
        await cluster.AssertWholeAsync(copies: 2);
    }

    [Fact]
    public async Task A_server_that_joins_is_filled_without_being_asked_unless_that_is_off()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(6, 6000);
        await cluster.ExecuteAsync("UPDATE storage_servers SET used_space = 12000");
        var joined = await cluster.AddNodeAsync();

        await using (var manual = MakeWorker(cluster, automatic: false))
        {
            Assert.Equal(0, await RunAsync(manual));
        }

        await using var worker = MakeWorker(cluster);
        var moved = await RunAsync(worker);

        Assert.True(moved > 0);
        Assert.Equal(moved, (await cluster.CopiesAsync()).Count(copy => copy.Server == joined));
        var done = Assert.Single(await StoreOf(worker).ListAsync(10, default));
        Assert.Equal((RebalanceReason.Join, (ServerId?)joined, RebalanceState.Completed), (done.Reason, done.Server, done.State));

        // Its heartbeat may still report an empty disk, so it gets no moves for a while.
        Assert.Equal(0, await RunAsync(worker));
    }

    private static async Task AssertNothingMovedButOntoAsync(
        LivingCluster cluster, List<(ChunkId Chunk, ServerId Server, string Status)> before, ServerId joined, long moves)
    {
        var after = (await cluster.CopiesAsync()).Where(copy => copy.Status == CopyStatus.Stored).ToList();
        var came = after.Except(before).ToList();
        Assert.Equal(moves, came.Count);
        Assert.All(came, copy => Assert.Equal(joined, copy.Server));
        Assert.Equal(came.Count, came.DistinctBy(copy => copy.Chunk).Count());
        Assert.Equal(before.Except(after).Select(copy => copy.Chunk).Order(Comparer), came.Select(copy => copy.Chunk).Order(Comparer));
    }

    private static IComparer<ChunkId> Comparer { get; } = Comparer<ChunkId>.Create((a, b) => a.Value.CompareTo(b.Value));

    private static async Task<int> ReadUntilAsync(LivingCluster cluster, CancellationToken cancellationToken)
    {
        var reads = 0;
        do
        {
            foreach (var file in cluster.Files)
            {
                await cluster.AssertReadableAsync(file);
                reads++;
            }
        }
        while (!cancellationToken.IsCancellationRequested);
        return reads;
    }

    private static async Task WaitForCopyingAsync(LivingCluster cluster)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!(await cluster.CopiesAsync()).Exists(copy => copy.Status == CopyStatus.Copying)
            || cluster.Servers.All(server => cluster.NodeOf(server).Incoming.Length == 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private static ServiceProvider MakeWorker(
        LivingCluster cluster, long bytesPerSecond = 0, bool automatic = true) => cluster.MakeWorker(builder =>
    {
        builder.Services.AddSingleton(Options.Create(new RebalancingOptions
        {
            MaxBytesPerSecond = bytesPerSecond,
            Automatic = automatic,
            SettleDelay = TimeSpan.Zero,
            ControlInterval = TimeSpan.FromMilliseconds(20),
        }));
        builder.AddRebalancing();
        builder.Services.AddSingleton(Options.Create(new RepairOptions { MaxBytesPerSecond = 0, Interval = TimeSpan.FromMilliseconds(1) }));
        builder.AddRepair();
    });

    private static RebalanceStore StoreOf(ServiceProvider worker) => worker.GetRequiredService<RebalanceStore>();

    private static Task<Rebalance> PlanAsync(ServiceProvider worker, string reason) =>
        worker.GetRequiredService<RebalancePlanner>().PlanAsync(reason, server: null, CancellationToken.None);

    private static async Task<Rebalance> FindAsync(ServiceProvider worker, Guid id) =>
        await StoreOf(worker).FindAsync(id, CancellationToken.None) ?? throw new InvalidOperationException("It is gone.");

    private static Task<long> RunAsync(ServiceProvider worker) => worker.RunAsync<RebalanceDuty>();
}
