using System.Diagnostics;
using System.Threading.Channels;
using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Jobs;

/// <summary>The contract of every provider of the queue.</summary>
public abstract partial class JobQueueContract : IAsyncLifetime
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private JobEngineClient _client = null!;

    private protected abstract IJobEngine Engine { get; }

    private IJobQueue Queue => _client.Queue;

    private IJobSource Source => _client.Source;

    public async Task InitializeAsync()
    {
        await Engine.ClearAsync();
        _client = await Engine.OpenAsync();
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Take_OfAnEnqueuedJob_GivesAllOfIt()
    {
        var job = TestJobs.Kind.Create(new TestPayload(7, "grüße \u0001 \"x\""), TimeProvider.System) with
        {
            MaxAttempts = 3,
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        Assert.Equal(new EnqueueResult(EnqueueOutcome.Enqueued, job.Id), await Queue.EnqueueAsync(job, CancellationToken.None));

        var taken = await TakeOneAsync();

        Assert.Equal(job.Id, taken.Id);
        Assert.Equal("test", taken.Kind);
        Assert.Equal(new TestPayload(7, "grüße \u0001 \"x\""), TestJobs.Kind.Read(taken.Payload));
        Assert.Equal((1, 3), (taken.Attempt, taken.MaxAttempts));
        Assert.Equal(job.TraceParent, taken.TraceParent);
        Assert.InRange(taken.Waited, TimeSpan.Zero, s_patience);
        Assert.InRange(TimeProvider.System.GetUtcNow() - taken.EnqueuedAt, -s_patience, s_patience);
    }

    [Fact]
    public async Task Enqueue_OfTheSameJobAgain_DoesNotDoubleIt()
    {
        var job = TestJobs.Create();

        Assert.Equal(EnqueueOutcome.Enqueued, (await Queue.EnqueueAsync(job, CancellationToken.None)).Outcome);
        Assert.Equal(EnqueueOutcome.Enqueued, (await Queue.EnqueueAsync(job, CancellationToken.None)).Outcome);

        Assert.Single((await TakeAsync(10)).Jobs);
    }

    [Fact]
    public async Task Take_OfJobsThatAnotherWorkerHas_GivesNone()
    {
        await using var other = await Engine.OpenAsync();
        await EnqueueAsync(1);
        await TakeOneAsync();

        Assert.Empty((await TakeAsync(10, other.Source)).Jobs);
    }

    [Fact]
    public async Task Take_OfKindsThatHaveNoJobs_GivesNone()
    {
        await Queue.EnqueueAsync(TestJobs.Create(1, TestJobs.OtherKind), CancellationToken.None);

        Assert.Empty((await TakeAsync(10)).Jobs);
        Assert.Single((await Source.TakeAsync(["test", "other-test"], 10, s_long, CancellationToken.None)).Jobs);
    }

    [Fact]
    public async Task Take_TakesUrgentJobsFirst_AndThoseDueFirstAmongThem()
    {
        JobPriority[] priorities =
            [JobPriority.Low, JobPriority.Normal, JobPriority.High, JobPriority.Normal, JobPriority.High, JobPriority.Low];
        for (var i = 0; i < priorities.Length; i++)
        {
            await Queue.EnqueueAsync(TestJobs.Create(i) with { Priority = priorities[i] }, CancellationToken.None);
        }

        var first = await TakeAsync(4);
        var rest = await TakeAsync(4);

        Assert.Equal([2, 4, 1, 3], first.Jobs.Select(job => job.Number()));
        Assert.Equal([0, 5], rest.Jobs.Select(job => job.Number()));
    }

    [Fact]
    public async Task Take_OfADelayedJob_GivesItWhenItIsDue()
    {
        var clock = Stopwatch.StartNew();
        var delay = TimeSpan.FromSeconds(1);
        await Queue.EnqueueAsync(TestJobs.Create() with { Delay = delay, Priority = JobPriority.High }, CancellationToken.None);
        await EnqueueAsync(2);

        var early = await TakeAsync(10);
        Assert.Equal(2, Assert.Single(early.Jobs).Number());
        Assert.InRange(early.NextDue!.Value, TimeSpan.FromMilliseconds(1), delay);

        Assert.Equal(1, (await TakeWhenDueAsync()).Number());
        Assert.True(clock.Elapsed >= delay - TimeSpan.FromMilliseconds(2), $"Due after {clock.Elapsed}.");
    }

    [Fact]
    public async Task Complete_OfAJob_RemovesIt()
    {
        await EnqueueAsync(1);
        var job = await TakeOneAsync(s_short);

        await Source.CompleteAsync([job], CancellationToken.None);

        Assert.Empty(await _client.Stats.ReadAsync(CancellationToken.None));
        Assert.Equal([job.Id], await Source.HeartbeatAsync([job], s_long, CancellationToken.None));
    }

    [Fact]
    public async Task Take_AfterALeaseEnded_GivesTheJobToAnotherWorker_AndTheFirstOneCannotSettleIt()
    {
        await using var other = await Engine.OpenAsync();
        await EnqueueAsync(1);
        var first = await TakeOneAsync(s_short);

        var second = await TakeWhenDueAsync(other.Source);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, second.Attempt);
        Assert.Equal([first.Id], await Source.HeartbeatAsync([first], s_long, CancellationToken.None));
        await Source.CompleteAsync([first], CancellationToken.None);
        Assert.False(await Source.RetryAsync(first, TimeSpan.Zero, "late", CancellationToken.None));
        Assert.False(await Source.MoveToDeadLettersAsync(first, "late", CancellationToken.None));
        await Source.ReleaseAsync([first], CancellationToken.None);
        Assert.Empty(await other.Source.HeartbeatAsync([second], s_long, CancellationToken.None));
        Assert.Equal(1, Assert.Single(await _client.Stats.ReadAsync(CancellationToken.None)).Running);
    }

    [Fact]
    public async Task Heartbeat_KeepsAJobBeyondItsLease()
    {
        var lease = TimeSpan.FromSeconds(1);
        await using var other = await Engine.OpenAsync();
        await EnqueueAsync(1);
        var job = await TakeOneAsync(lease);

        for (var clock = Stopwatch.StartNew(); clock.Elapsed < lease * 2;)
        {
            Assert.Empty(await Source.HeartbeatAsync([job], lease, CancellationToken.None));
            Assert.Empty((await TakeAsync(10, other.Source)).Jobs);
            await Task.Delay(lease / 10, TimeProvider.System);
        }

        Assert.Equal(2, (await TakeWhenDueAsync(other.Source)).Attempt);
    }

    [Fact]
    public async Task Retry_LetsTheJobWaitForItsNextAttempt()
    {
        await EnqueueAsync(1);
        var first = await TakeOneAsync();

        Assert.True(await Source.RetryAsync(first, s_short, "no luck", CancellationToken.None));

        Assert.Equal(1, Assert.Single(await _client.Stats.ReadAsync(CancellationToken.None)).Delayed);
        Assert.Equal(2, (await TakeWhenDueAsync()).Attempt);
    }

    [Fact]
    public async Task Release_MakesTheJobDue_AndTheAttemptDoesNotCount()
    {
        await using var other = await Engine.OpenAsync();
        await EnqueueAsync(1);
        var first = await TakeOneAsync();

        await Source.ReleaseAsync([first], CancellationToken.None);

        var second = Assert.Single((await TakeAsync(1, other.Source)).Jobs);
        Assert.Equal(1, second.Attempt);
        Assert.Equal([first.Id], await Source.HeartbeatAsync([first], s_long, CancellationToken.None));
    }

    [Fact]
    public async Task Take_AfterTheLeaseOfTheLastAttemptEnded_MakesItADeadLetter_AndGivesTheOthers()
    {
        await Queue.EnqueueAsync(TestJobs.Create(1) with { MaxAttempts = 2 }, CancellationToken.None);
        await TakeOneAsync(s_short);
        var last = await TakeWhenDueAsync(lease: s_short);
        Assert.Equal(2, last.Attempt);
        await EnqueueAsync(2);

        var deadLetters = new List<string>();
        var others = new List<LeasedJob>();
        await WaitAsync(async () =>
        {
            var taken = await TakeAsync(10);
            deadLetters.AddRange(taken.DeadLetters);
            others.AddRange(taken.Jobs);
            return deadLetters.Count > 0;
        });

        Assert.Equal(["test"], deadLetters);
        Assert.Equal(2, Assert.Single(others).Number());
        var dead = Assert.Single(await _client.Dead.ListAsync(null, 10, CancellationToken.None));
        Assert.Equal((last.Id, 2), (dead.Id, dead.Attempts));
        Assert.Contains("worker", dead.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enqueue_UnderTheKeyOfAWaitingJob_AddsNothing()
    {
        var first = await Queue.EnqueueAsync(TestJobs.Create(1) with { UniqueKey = "a" }, CancellationToken.None);

        var second = await Queue.EnqueueAsync(TestJobs.Create(2) with { UniqueKey = "a" }, CancellationToken.None);
        var ofAnotherKind = await Queue.EnqueueAsync(
            TestJobs.Create(3, TestJobs.OtherKind) with { UniqueKey = "a" }, CancellationToken.None);

        Assert.Equal(new EnqueueResult(EnqueueOutcome.AlreadyWaiting, first.Id), second);
        Assert.Equal(EnqueueOutcome.Enqueued, ofAnotherKind.Outcome);
        Assert.Equal(1, Assert.Single((await TakeAsync(10)).Jobs).Number());
    }

    [Fact]
    public async Task Enqueue_UnderOneKeyFromManyAtOnce_AddsOne()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            Queue.EnqueueAsync(TestJobs.Create(i) with { UniqueKey = "a" }, CancellationToken.None)));

        Assert.Single(results, result => result.Outcome == EnqueueOutcome.Enqueued);
        Assert.Single(results.Select(result => result.Id).Distinct());
        Assert.Single((await TakeAsync(100)).Jobs);
    }

    [Fact]
    public async Task Enqueue_UnderTheKeyOfARunningJob_AddsAnother_AndTheFirstReturnsWithoutTheKey()
    {
        await Queue.EnqueueAsync(TestJobs.Create(1) with { UniqueKey = "a" }, CancellationToken.None);
        var running = await TakeOneAsync();

        var second = await Queue.EnqueueAsync(TestJobs.Create(2) with { UniqueKey = "a" }, CancellationToken.None);
        Assert.Equal(EnqueueOutcome.Enqueued, second.Outcome);
        Assert.True(await Source.RetryAsync(running, TimeSpan.Zero, "again", CancellationToken.None));

        var third = await Queue.EnqueueAsync(TestJobs.Create(3) with { UniqueKey = "a" }, CancellationToken.None);
        Assert.Equal(new EnqueueResult(EnqueueOutcome.AlreadyWaiting, second.Id), third);
        Assert.Equal([1, 2], (await TakeAsync(10)).Jobs.Select(job => job.Number()).Order());
    }

    [Fact]
    public async Task Retry_TakesTheKeyBack()
    {
        var first = await Queue.EnqueueAsync(TestJobs.Create(1) with { UniqueKey = "a" }, CancellationToken.None);
        await Source.RetryAsync(await TakeOneAsync(), s_long, "later", CancellationToken.None);

        var second = await Queue.EnqueueAsync(TestJobs.Create(2) with { UniqueKey = "a" }, CancellationToken.None);

        Assert.Equal(new EnqueueResult(EnqueueOutcome.AlreadyWaiting, first.Id), second);
    }

    [Fact]
    public async Task Enqueue_IntoAFullQueue_IsRefused_UntilThereIsRoom_AndOtherKindsAreNot()
    {
        await using var client = await Engine.OpenAsync(new JobOptions { MaxDepth = 3 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(EnqueueOutcome.Enqueued, (await client.Queue.EnqueueAsync(TestJobs.Create(i), CancellationToken.None)).Outcome);
        }

        Assert.Equal(EnqueueOutcome.Full, (await client.Queue.EnqueueAsync(TestJobs.Create(9), CancellationToken.None)).Outcome);
        var ofAnotherKind = await client.Queue.EnqueueAsync(TestJobs.Create(9, TestJobs.OtherKind), CancellationToken.None);
        Assert.Equal(EnqueueOutcome.Enqueued, ofAnotherKind.Outcome);

        await Source.CompleteAsync((await TakeAsync(2)).Jobs, CancellationToken.None);
        await WaitAsync(async () =>
            (await client.Queue.EnqueueAsync(TestJobs.Create(10), CancellationToken.None)).Outcome == EnqueueOutcome.Enqueued);
    }

    [Fact]
    public async Task Stats_CountJobsByKindAndState()
    {
        await EnqueueAsync(1);
        await EnqueueAsync(2);
        await EnqueueAsync(3);
        await Queue.EnqueueAsync(TestJobs.Create(4) with { Delay = s_long }, CancellationToken.None);
        await Queue.EnqueueAsync(TestJobs.Create(5, TestJobs.OtherKind), CancellationToken.None);
        var taken = (await TakeAsync(2)).Jobs;
        await Source.MoveToDeadLettersAsync(taken[0], "bad", CancellationToken.None);

        JobKindStats other, test;
        IReadOnlyList<JobKindStats> stats;
        await WaitAsync(async () =>
            (stats = await _client.Stats.ReadAsync(CancellationToken.None))[1].OldestAge > TimeSpan.FromMilliseconds(20));
        stats = await _client.Stats.ReadAsync(CancellationToken.None);
        (other, test) = (stats[0], stats[1]);

        Assert.Equal(("other-test", 1L, 0L, 0L, 0L), (other.Kind, other.Ready, other.Delayed, other.Running, other.Dead));
        Assert.Equal(("test", 1L, 1L, 1L, 1L), (test.Kind, test.Ready, test.Delayed, test.Running, test.Dead));
        Assert.InRange(test.OldestAge, TimeSpan.FromMilliseconds(20), s_patience);
    }

    [Fact]
    public async Task Listen_HearsOfJobsThatAreEnqueued()
    {
        await using var other = await Engine.OpenAsync();
        using var listening = new CancellationTokenSource();
        var rings = Channel.CreateUnbounded<string?>();
        var listener = other.Source.ListenAsync(kind => Assert.True(rings.Writer.TryWrite(kind)), listening.Token);
        Assert.Null(await NextAsync());

        await EnqueueAsync(1);

        Assert.Equal(TestJobs.Kind.Name, await NextAsync());
        await listening.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listener);

        async Task<string?> NextAsync() => await rings.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
    }

    [Fact]
    public async Task Take_ByManyWorkersAtOnce_GivesEachJobToOne()
    {
        const int jobs = 300;
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(EnqueueAsync));

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var worker = await Engine.OpenAsync();
            var mine = new List<LeasedJob>();
            while (await TakeAsync(7, worker.Source) is { Jobs.Count: > 0 } taken)
            {
                mine.AddRange(taken.Jobs);
            }

            return mine;
        }));

        // A worker stops when it finds only jobs that others are taking. The jobs that it left are taken here.
        var all = taken.SelectMany(mine => mine).Concat((await TakeAsync(jobs)).Jobs).Select(job => job.Number()).Order();
        Assert.Equal(Enumerable.Range(0, jobs), all);
    }

    [Fact]
    public async Task AnEngineThatIsNotThere_IsSaidToBe()
    {
        await using var client = await Engine.OpenUnreachableAsync();

        await Assert.ThrowsAsync<JobQueueUnavailableException>(() => client.Queue.EnqueueAsync(TestJobs.Create(), CancellationToken.None));
        await Assert.ThrowsAsync<JobQueueUnavailableException>(() => TakeAsync(1, client.Source));
        await Assert.ThrowsAsync<JobQueueUnavailableException>(() => client.Dead.PurgeAllAsync(CancellationToken.None));
        await Assert.ThrowsAsync<JobQueueUnavailableException>(() => client.Stats.ReadAsync(CancellationToken.None));
    }

    private Task EnqueueAsync(int number) => Queue.EnqueueAsync(TestJobs.Create(number), CancellationToken.None);

    private Task<TakenJobs> TakeAsync(int limit, IJobSource? source = null, TimeSpan? lease = null) =>
        (source ?? Source).TakeAsync([TestJobs.Kind.Name], limit, lease ?? s_long, CancellationToken.None);

    private async Task<LeasedJob> TakeOneAsync(TimeSpan? lease = null) => Assert.Single((await TakeAsync(1, lease: lease)).Jobs);

    private async Task<LeasedJob> TakeWhenDueAsync(IJobSource? source = null, TimeSpan? lease = null)
    {
        LeasedJob? job = null;
        await WaitAsync(async () => (job = (await TakeAsync(1, source, lease)).Jobs.SingleOrDefault()) is not null);
        return job!;
    }

    private static async Task WaitAsync(Func<Task<bool>> isReached)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!await isReached())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}
