using System.Collections.Concurrent;
using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Queue;

public abstract partial class JobConsumerContract
{
    [Fact]
    public async Task A_kind_with_its_own_places_uses_only_those_and_shares_them_with_no_other()
    {
        var slow = new ConcurrentDictionary<int, bool>();
        var quick = 0;
        var most = 0;
        var mayEnd = new TaskCompletionSource();
        await using var worker = await TestWorker.StartAsync(
            Engine,
            async (payload, _, cancellationToken) =>
            {
                if (payload.Number < 100)
                {
                    Interlocked.Increment(ref quick);
                    return;
                }

                slow[payload.Number] = true;
                InterlockedMax(ref most, slow.Count);
                await mayEnd.Task.WaitAsync(cancellationToken);
                Assert.True(slow.Remove(payload.Number, out bool isSlow) && isSlow);
            },
            (TestJobs.OtherKind, 2),
            "--Jobs:Concurrency=3");

        // More long jobs, and more urgent ones, than the worker has places: they fill only the places of their kind.
        for (var i = 100; i < 110; i++)
        {
            await _client.Queue.EnqueueAsync(
                TestJobs.Create(i, TestJobs.OtherKind) with { Priority = JobPriority.High }, CancellationToken.None);
        }

        await WaitAsync(() => Task.FromResult(slow.Count == 2));
        for (var i = 0; i < 20; i++)
        {
            await _client.Queue.EnqueueAsync(TestJobs.Create(i), CancellationToken.None);
        }

        await WaitAsync(() => Task.FromResult(quick == 20));
        Assert.Equal(2, slow.Count);

        mayEnd.SetResult();
        await WaitUntilEmptyAsync();
        Assert.Equal(2, most);

        // Other jobs do not take those places either.
        mayEnd = new TaskCompletionSource();
        for (var i = 200; i < 210; i++)
        {
            await _client.Queue.EnqueueAsync(TestJobs.Create(i), CancellationToken.None);
        }

        await WaitAsync(() => Task.FromResult(slow.Count == 3));
        for (var i = 100; i < 102; i++)
        {
            await _client.Queue.EnqueueAsync(TestJobs.Create(i, TestJobs.OtherKind), CancellationToken.None);
        }

        await WaitAsync(() => Task.FromResult(slow.Count == 5));
        mayEnd.SetResult();
        await WaitUntilEmptyAsync();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
