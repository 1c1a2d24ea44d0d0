using System.Globalization;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Files;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Uploads;

/// <summary>Random uploads beside a model. <c>MEDIAASPIRE_UPLOAD_RUNS</c> sets their number.</summary>
public sealed class UploadModelTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;

    private static int Runs => int.Parse(
        Environment.GetEnvironmentVariable("MEDIAASPIRE_UPLOAD_RUNS") ?? "12", CultureInfo.InvariantCulture);

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        await postgres.ClearAsync("uploads", "jobs");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Random_appends_of_two_processes_leave_the_bytes_that_were_sent()
    {
        await using var one = await UploadProcess.StartAsync(_cluster, postgres.Database);
        await using var two = await UploadProcess.StartAsync(_cluster, postgres.Database);

        for (var seed = 1; seed <= Runs; seed++)
        {
            await new UploadModel([new SessionDoor(one), new SessionDoor(two)], seed).RunAsync(maxLength: 500_000);
        }

        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM upload_pieces"));
        Assert.Equal(Runs, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM uploads WHERE is_held"));
    }

    [Theory]
    [InlineData(true, 300_000)]
    [InlineData(true, 1000)]
    [InlineData(false, 300_000)]
    [InlineData(false, 1000)]
    public async Task Append_AnswerOfItsCommitIsLost_TellsTheStoredOffsetAfterwards(bool reachesTheServer, int size)
    {
        await using var breaker = new CommitBreaker(postgres, reachesTheServer);
        await using var dying = await UploadProcess.StartAsync(_cluster, breaker.Database);
        await using var other = await UploadProcess.StartAsync(_cluster, postgres.Database, ("TakeOverWithin", "00:00:00.050"));
        var bytes = TestBytes.Make(9, 400_000);
        var upload = await dying.CreateAsync(bytes.Length);

        breaker.BreakAtCommit();
        var answer = await new SessionDoor(dying).AppendAsync(
            upload.Id.ToString(), 0, new TestBody().Give(bytes.AsSpan(0, size)).End());
        var told = await new SessionDoor(other).AskOffsetAsync(upload.Id.ToString());

        Assert.True(breaker.HasBroken);
        Assert.Null(answer);
        Assert.InRange(told, 0, size);
        var last = await other.AppendAsync(upload.Id, told, bytes.AsMemory((int)told));
        Assert.Equal(AppendOutcome.Appended, last.Outcome);
        Assert.Equal(bytes, await new SessionDoor(other).ReadAsync(upload.Id.ToString()));
    }
}
