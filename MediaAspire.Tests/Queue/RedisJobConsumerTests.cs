using System.Collections.Concurrent;
using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Queue;

public sealed class RedisJobConsumerTests(RedisFixture redis) : JobConsumerContract, IClassFixture<RedisFixture>
{
    private protected override IJobEngine Engine { get; } = new RedisJobEngine(redis);

    [Fact]
    public async Task Jobs_that_were_acknowledged_are_done_though_Redis_is_killed_and_nobody_else_is_restarted()
    {
        const int jobs = 400;
        var effects = new ConcurrentDictionary<int, bool>();
        await using var producer = await Engine.OpenAsync(new JobOptions { CommandTimeout = TimeSpan.FromSeconds(2) });
        await using var worker = await TestWorker.StartAsync(
            Engine,
            (payload, _, _) =>
            {
                effects[payload.Number] = true;
                return Task.CompletedTask;
            },
            "--Jobs:LeaseDuration=00:00:02", "--Jobs:PollInterval=00:00:00.500");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var i = 0; i < jobs; i++)
        {
            if (i is 100 or 250)
            {
                await redis.KillAsync();
                await redis.StartAsync();
            }

            await EnqueueUntilAnsweredAsync(producer.Queue, TestJobs.Create(i), patience.Token);
        }

        while (effects.Count < jobs)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }

        Assert.Equal(Enumerable.Range(0, jobs), effects.Keys.Order());
    }

    private static async Task EnqueueUntilAnsweredAsync(IJobQueue queue, NewJob job, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Assert.Equal(EnqueueOutcome.Enqueued, (await queue.EnqueueAsync(job, cancellationToken)).Outcome);
                return;
            }
            catch (JobQueueUnavailableException)
            {
                // The same job again: if the first attempt reached Redis, a waiting job is not duplicated.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }
}
