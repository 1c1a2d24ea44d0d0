using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Queue;

/// <summary>The contract of a worker with the jobs of any provider.</summary>
public abstract partial class JobConsumerContract : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_fastRetries = ["--Jobs:RetryDelay=00:00:00.010"];

    private JobEngineClient _client = null!;

    private protected abstract IJobEngine Engine { get; }

    public async Task InitializeAsync()
    {
        await Engine.ClearAsync();
        _client = await Engine.OpenAsync();
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Jobs_are_run_as_they_come_and_leave_nothing_behind()
    {
        var handled = new ConcurrentBag<int>();
        await using var worker = await TestWorker.StartAsync(Engine, (payload, _, _) =>
        {
            handled.Add(payload.Number);
            return Task.CompletedTask;
        });

        for (var i = 0; i < 50; i++)
        {
            await _client.Queue.EnqueueAsync(TestJobs.Create(i), CancellationToken.None);
        }

        await WaitUntilEmptyAsync();
        Assert.Equal(Enumerable.Range(0, 50), handled.Order());
    }

    [Fact]
    public async Task An_idle_worker_hears_of_a_job_long_before_it_would_look()
    {
        var handled = new TaskCompletionSource();
        await using var worker = await TestWorker.StartAsync(
            Engine,
            (_, _, _) =>
            {
                handled.TrySetResult();
                return Task.CompletedTask;
            },
            "--Jobs:PollInterval=00:05:00");

        // The first job may still be found by the first look; the others cannot.
        await _client.Queue.EnqueueAsync(TestJobs.Create(1), CancellationToken.None);
        await handled.Task.WaitAsync(s_patience);
        await WaitUntilEmptyAsync();
        handled = new TaskCompletionSource();
        await _client.Queue.EnqueueAsync(TestJobs.Create(2) with { Delay = TimeSpan.FromMilliseconds(500) }, CancellationToken.None);
        await handled.Task.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_job_that_always_fails_becomes_a_dead_letter_and_keeps_nobody_waiting()
    {
        var attempts = new ConcurrentQueue<int>();
        var others = 0;
        await using var worker = await TestWorker.StartAsync(
            Engine,
            (payload, job, _) =>
            {
                if (payload.Number == 0)
                {
                    attempts.Enqueue(job.Attempt);
                    throw new InvalidOperationException("poison");
                }

                Interlocked.Increment(ref others);
                return Task.CompletedTask;
            },
            [.. s_fastRetries, "--Jobs:Concurrency=1"]);

        await _client.Queue.EnqueueAsync(TestJobs.Create(0) with { MaxAttempts = 4, Priority = JobPriority.High }, CancellationToken.None);
        for (var i = 1; i <= 20; i++)
        {
            await _client.Queue.EnqueueAsync(TestJobs.Create(i), CancellationToken.None);
        }

        await WaitAsync(async () =>
            await _client.Stats.ReadAsync(CancellationToken.None) is [{ Dead: 1, Ready: 0, Delayed: 0, Running: 0 }]);
        Assert.Equal(20, others);
        Assert.Equal([1, 2, 3, 4], attempts);
        var dead = Assert.Single(await _client.Dead.ListAsync(null, 10, CancellationToken.None));
        Assert.Equal("InvalidOperationException: poison", dead.Error);
        Assert.Equal(4, dead.Attempts);
    }

    [Fact]
    public async Task A_job_that_is_rejected_or_unreadable_is_a_dead_letter_at_once()
    {
        var attempts = 0;
        await using var worker = await TestWorker.StartAsync(Engine, (_, _, _) =>
        {
            Interlocked.Increment(ref attempts);
            throw new JobRejectedException("It is gone.");
        });

        await _client.Queue.EnqueueAsync(TestJobs.Create(), CancellationToken.None);
        await _client.Queue.EnqueueAsync(TestJobs.Create() with { Payload = "[\"no object\"]"u8.ToArray() }, CancellationToken.None);

        await WaitAsync(async () => (await _client.Dead.ListAsync(null, 10, CancellationToken.None)).Count == 2);
        Assert.Equal(1, attempts);
        Assert.All(await _client.Dead.ListAsync(null, 10, CancellationToken.None), dead =>
            Assert.StartsWith("JobRejectedException", dead.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_stops_finishes_its_jobs_and_takes_no_more()
    {
        var started = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        var handled = new ConcurrentBag<int>();
        await using var worker = await TestWorker.StartAsync(
            Engine,
            async (payload, _, cancellationToken) =>
            {
                started.TrySetResult();
                await mayEnd.Task.WaitAsync(cancellationToken);
                handled.Add(payload.Number);
            },
            "--Jobs:Concurrency=1");
        await _client.Queue.EnqueueAsync(TestJobs.Create(1), CancellationToken.None);
        await started.Task.WaitAsync(s_patience);
        await _client.Queue.EnqueueAsync(TestJobs.Create(2), CancellationToken.None);

        var stopping = worker.StopConsumerAsync();
        mayEnd.SetResult();
        await stopping.WaitAsync(s_patience);

        Assert.Equal([1], handled);
        Assert.Equal(2, Assert.Single(await TakeAllAsync()).Number());
    }

    [Fact]
    public async Task A_worker_that_stops_releases_jobs_that_do_not_end_in_time()
    {
        var started = new TaskCompletionSource();
        await using var worker = await TestWorker.StartAsync(
            Engine,
            async (_, _, cancellationToken) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            },
            "--Jobs:DrainLimit=00:00:00.100");
        await _client.Queue.EnqueueAsync(TestJobs.Create(1), CancellationToken.None);
        await started.Task.WaitAsync(s_patience);

        await worker.StopAsync().WaitAsync(s_patience);

        Assert.Equal(1, Assert.Single(await TakeAllAsync()).Attempt);
    }

    [Fact]
    public async Task A_job_may_take_longer_than_its_lease()
    {
        var runs = 0;
        var started = new TaskCompletionSource();
        await using var worker = await TestWorker.StartAsync(
            Engine,
            async (_, _, cancellationToken) =>
            {
                Interlocked.Increment(ref runs);
                started.SetResult();
                await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
            },
            "--Jobs:LeaseDuration=00:00:01.200");
        await _client.Queue.EnqueueAsync(TestJobs.Create(1), CancellationToken.None);
        await started.Task.WaitAsync(s_patience);
        await using var other = await TestWorker.StartAsync(
            Engine, (_, _, _) => Task.FromResult(Interlocked.Increment(ref runs)), "--Jobs:PollInterval=00:00:00.100");

        await WaitUntilEmptyAsync();
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_worker_that_lost_a_job_ends_its_attempt()
    {
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var cutOff = await TestWorker.StartAsync(
            Engine,
            async (_, _, cancellationToken) =>
            {
                started.TrySetResult();
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                }
                finally
                {
                    ended.TrySetResult();
                }
            },
            "--Jobs:LeaseDuration=00:00:01");
        await _client.Queue.EnqueueAsync(TestJobs.Create(1), CancellationToken.None);
        await started.Task.WaitAsync(s_patience);

        cutOff.Kill();

        await ended.Task.WaitAsync(s_patience);
        var attempt = 0;
        await using var other = await TestWorker.StartAsync(
            Engine,
            (_, job, _) =>
            {
                attempt = job.Attempt;
                return Task.CompletedTask;
            },
            "--Jobs:PollInterval=00:00:00.500");
        await WaitUntilEmptyAsync();
        Assert.Equal(2, attempt);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_has_failed()
    {
        await using var worker = await TestWorker.StartAsync(
            Engine,
            (_, _, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken),
            "--Jobs:MaxRunTime=00:00:00.100");
        await _client.Queue.EnqueueAsync(TestJobs.Create(1) with { MaxAttempts = 1 }, CancellationToken.None);

        await WaitAsync(async () => await _client.Dead.ListAsync(null, 10, CancellationToken.None) is [{ Error: var error }]
            && error.StartsWith("TimeoutException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_trace_goes_from_enqueueing_through_the_queue_into_the_handler()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MediaAspire.Jobs",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => stopped.Enqueue(activity),
        };
        ActivitySource.AddActivityListener(listener);
        var seen = new TaskCompletionSource<Activity?>();
        await using var worker = await TestWorker.StartAsync(Engine, (_, _, _) =>
        {
            seen.TrySetResult(Activity.Current);
            return Task.CompletedTask;
        });

        using var request = new Activity("request").Start();
        var queue = new TracedJobQueue(_client.Queue, worker.Services.GetRequiredService<JobMetrics>());
        await queue.EnqueueAsync(TestJobs.Create(1), CancellationToken.None);

        var run = await seen.Task.WaitAsync(s_patience);
        Assert.NotNull(run);
        var enqueue = Assert.Single(stopped, activity => activity.OperationName == "enqueue test" && activity.TraceId == request.TraceId);
        Assert.Equal(request.SpanId, enqueue.ParentSpanId);
        Assert.Equal((request.TraceId, enqueue.SpanId), (run.TraceId, run.ParentSpanId));
        Assert.Equal(ActivityKind.Consumer, run.Kind);
    }

    [Fact]
    public async Task Five_thousand_jobs_are_each_done_once_though_workers_die()
    {
        const int jobs = 5000;
        const int workers = 4;
        var effects = new ConcurrentDictionary<int, int>();
        var runs = 0;
        var lethal = new ConcurrentDictionary<int, bool>(Enumerable.Range(1, 6).Select(i => KeyValuePair.Create(i * jobs / 7, true)));
        var deaths = Channel.CreateUnbounded<TestWorker>();

        async Task<TestWorker> StartAsync()
        {
            var self = new TaskCompletionSource<TestWorker>(TaskCreationOptions.RunContinuationsAsynchronously);
            self.SetResult(await TestWorker.StartAsync(
                Engine,
                async (payload, _, _) =>
                {
                    Interlocked.Increment(ref runs);
                    var worker = await self.Task;
                    if (lethal.TryRemove(payload.Number, out _))
                    {
                        worker.Kill();
                        Assert.True(deaths.Writer.TryWrite(worker));
                    }

                    // A worker is killed before or after the effects of a job, but never after it has settled the job.
                    if (worker.IsKilled && payload.Number % 2 == 0)
                    {
                        throw new InvalidOperationException("killed");
                    }

                    effects.TryAdd(payload.Number, payload.Number);
                },
                "--Jobs:LeaseDuration=00:00:01", "--Jobs:PollInterval=00:00:00.500", "--Jobs:DrainLimit=00:00:00"));
            return await self.Task;
        }

        var deadOrAlive = new List<TestWorker>(await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => StartAsync())));
        var enqueueing = Parallel.ForEachAsync(
            Enumerable.Range(0, jobs),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (number, token) => Assert.Equal(
                EnqueueOutcome.Enqueued,
                (await _client.Queue.EnqueueAsync(TestJobs.Create(number) with { MaxAttempts = 100 }, token)).Outcome));
        for (var death = 0; death < 6; death++)
        {
            await deaths.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
            deadOrAlive.Add(await StartAsync());
        }

        await enqueueing;
        await WaitUntilEmptyAsync();
        Assert.Equal(Enumerable.Range(0, jobs), effects.Keys.Order());
        Assert.True(runs >= jobs + 6, $"{runs} runs of {jobs} jobs, though 6 workers died in the middle of one.");
        Assert.Empty(await _client.Dead.ListAsync(null, 10, CancellationToken.None));
        await Task.WhenAll(deadOrAlive.Select(worker => worker.DisposeAsync().AsTask()));
    }

    private async Task<IReadOnlyList<LeasedJob>> TakeAllAsync() =>
        (await _client.Source.TakeAsync([TestJobs.Kind.Name], 100, TimeSpan.FromMinutes(1), CancellationToken.None)).Jobs;

    private Task WaitUntilEmptyAsync() => WaitAsync(async () => (await _client.Stats.ReadAsync(CancellationToken.None)).Count == 0);

    private static async Task WaitAsync(Func<Task<bool>> isReached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isReached())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
