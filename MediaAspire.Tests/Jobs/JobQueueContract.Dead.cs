using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Jobs;

public abstract partial class JobQueueContract
{
    [Fact]
    public async Task MoveToDeadLetters_KeepsTheJobForInspection()
    {
        var id = await MoveToDeadLettersAsync(
            TestJobs.Create(7) with { UniqueKey = "k", Priority = JobPriority.High, TraceParent = "00-a-b-00" }, "no such file");

        var dead = await _client.Dead.FindAsync(id, CancellationToken.None);

        Assert.NotNull(dead);
        Assert.Equal(
            (id, "test", JobPriority.High, "k", 1, "no such file"),
            (dead.Id, dead.Kind, dead.Priority, dead.UniqueKey, dead.Attempts, dead.Error));
        Assert.Equal(7, TestJobs.Kind.Read(dead.Payload).Number);
        Assert.Equal("00-a-b-00", dead.TraceParent);
        Assert.InRange(dead.DiedAt - dead.EnqueuedAt, TimeSpan.Zero, s_patience);
        Assert.Empty((await TakeAsync(10)).Jobs);
        Assert.Null(await _client.Dead.FindAsync(JobId.New(TimeProvider.System), CancellationToken.None));
    }

    [Fact]
    public async Task List_GivesDeadLettersPageByPage()
    {
        var ids = new List<JobId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await MoveToDeadLettersAsync(TestJobs.Create(i), "bad"));
        }

        ids = [.. ids.OrderBy(id => id.Value)];
        var first = await _client.Dead.ListAsync(null, 3, CancellationToken.None);
        var second = await _client.Dead.ListAsync(first[^1].Id, 3, CancellationToken.None);

        Assert.Equal(ids[..3], first.Select(job => job.Id));
        Assert.Equal(ids[3..], second.Select(job => job.Id));
        Assert.Empty(await _client.Dead.ListAsync(second[^1].Id, 3, CancellationToken.None));
    }

    [Fact]
    public async Task Replay_EnqueuesTheJobWithAllItsAttempts()
    {
        var id = await MoveToDeadLettersAsync(TestJobs.Create(7) with { MaxAttempts = 1, UniqueKey = "k" }, "bad");

        Assert.True(await _client.Dead.ReplayAsync(id, CancellationToken.None));

        Assert.False(await _client.Dead.ReplayAsync(id, CancellationToken.None));
        var again = await Queue.EnqueueAsync(TestJobs.Create() with { UniqueKey = "k" }, CancellationToken.None);
        Assert.Equal(EnqueueOutcome.AlreadyWaiting, again.Outcome);
        var job = await TakeOneAsync();
        Assert.Equal((id, 1, 1, 7), (job.Id, job.Attempt, job.MaxAttempts, job.Number()));
        Assert.Empty(await _client.Dead.ListAsync(null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task ReplayAll_EnqueuesEveryDeadLetter_ThoughSeveralHadOneKey()
    {
        for (var i = 0; i < 105; i++)
        {
            await MoveToDeadLettersAsync(TestJobs.Create(i) with { UniqueKey = "k" }, "bad");
        }

        Assert.Equal(105, await _client.Dead.ReplayAllAsync(CancellationToken.None));

        Assert.Equal(Enumerable.Range(0, 105), (await TakeAsync(200)).Jobs.Select(job => job.Number()).Order());
        Assert.Equal(0, Assert.Single(await _client.Stats.ReadAsync(CancellationToken.None)).Dead);
    }

    [Fact]
    public async Task Purge_DeletesDeadLetters()
    {
        var id = await MoveToDeadLettersAsync(TestJobs.Create(1), "bad");
        await MoveToDeadLettersAsync(TestJobs.Create(2), "bad");
        await MoveToDeadLettersAsync(TestJobs.Create(3), "bad");

        Assert.True(await _client.Dead.PurgeAsync(id, CancellationToken.None));
        Assert.False(await _client.Dead.PurgeAsync(id, CancellationToken.None));
        Assert.Equal(2, await _client.Dead.PurgeAllAsync(CancellationToken.None));

        Assert.Empty(await _client.Dead.ListAsync(null, 10, CancellationToken.None));
        Assert.Empty(await _client.Stats.ReadAsync(CancellationToken.None));
    }

    private async Task<JobId> MoveToDeadLettersAsync(NewJob job, string reason)
    {
        await Queue.EnqueueAsync(job, CancellationToken.None);
        Assert.True(await Source.MoveToDeadLettersAsync(await TakeOneAsync(), reason, CancellationToken.None));
        return job.Id;
    }
}
