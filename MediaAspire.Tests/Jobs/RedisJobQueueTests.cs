using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Jobs;

public sealed class RedisJobQueueTests(RedisFixture redis) : JobQueueContract, IClassFixture<RedisFixture>
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    private protected override IJobEngine Engine { get; } = new RedisJobEngine(redis);

    [Fact]
    public async Task Enqueue_WithinATransaction_IsNotSupported()
    {
        await using var client = await Engine.OpenAsync();

        Assert.False(client.Queue.JoinsTransactions);
        await Assert.ThrowsAsync<NotSupportedException>(() =>
            client.Queue.EnqueueAsync(TestJobs.Create(), (NpgsqlTransaction)null!, CancellationToken.None));
        await Assert.ThrowsAsync<NotSupportedException>(() =>
            client.Queue.JoinAsync(TestJobs.Create(), null!, CancellationToken.None));
    }

    [Fact]
    public async Task Jobs_survive_a_killed_Redis()
    {
        await using (var client = await Engine.OpenAsync())
        {
            for (var i = 0; i < 20; i++)
            {
                await client.Queue.EnqueueAsync(TestJobs.Create(i), CancellationToken.None);
            }

            var done = await client.Source.TakeAsync(["test"], 5, s_lease, CancellationToken.None);
            await client.Source.CompleteAsync(done.Jobs, CancellationToken.None);
            await client.Source.TakeAsync(["test"], 3, TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }

        await redis.KillAsync();
        await redis.StartAsync();

        await using var after = await Engine.OpenAsync();
        var left = await after.Source.TakeAsync(["test"], 100, s_lease, CancellationToken.None);
        Assert.Equal(Enumerable.Range(5, 15), left.Jobs.Select(job => job.Number()).Order());
    }

    [Fact]
    public async Task A_client_goes_on_with_a_Redis_that_was_restarted_and_forgot_the_scripts()
    {
        await using var client = await Engine.OpenAsync();
        await client.Queue.EnqueueAsync(TestJobs.Create(1), CancellationToken.None);

        await redis.Connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        await client.Queue.EnqueueAsync(TestJobs.Create(2), CancellationToken.None);

        Assert.Equal(2, (await client.Source.TakeAsync(["test"], 100, s_lease, CancellationToken.None)).Jobs.Count);
    }

    [Fact]
    public async Task A_Redis_without_memory_takes_no_jobs_but_lets_workers_empty_the_queue()
    {
        await using var client = await Engine.OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            await client.Queue.EnqueueAsync(TestJobs.Create(i) with { UniqueKey = $"k{i}" }, CancellationToken.None);
        }

        await SetMaxMemoryAsync("1mb");
        try
        {
            Assert.Equal(EnqueueOutcome.Full, (await client.Queue.EnqueueAsync(TestJobs.Create(), CancellationToken.None)).Outcome);
            var jobs = (await client.Source.TakeAsync(["test"], 10, s_lease, CancellationToken.None)).Jobs;
            Assert.Equal(4, jobs.Count);
            Assert.Empty(await client.Source.HeartbeatAsync(jobs, s_lease, CancellationToken.None));
            await client.Source.CompleteAsync([jobs[0]], CancellationToken.None);
            Assert.True(await client.Source.RetryAsync(jobs[1], TimeSpan.Zero, "again", CancellationToken.None));
            Assert.True(await client.Source.MoveToDeadLettersAsync(jobs[2], "bad", CancellationToken.None));
            Assert.True(await client.Dead.ReplayAsync(jobs[2].Id, CancellationToken.None));
            Assert.Equal(2, (await client.Source.TakeAsync(["test"], 10, s_lease, CancellationToken.None)).Jobs.Count);
        }
        finally
        {
            await SetMaxMemoryAsync("0");
        }

        Assert.Equal(EnqueueOutcome.Enqueued, (await client.Queue.EnqueueAsync(TestJobs.Create(), CancellationToken.None)).Outcome);
    }

    private async Task SetMaxMemoryAsync(string limit) =>
        await redis.Connection.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", limit);
}
