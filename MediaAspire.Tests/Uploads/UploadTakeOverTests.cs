using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Uploads;

/// <summary>Appends that want the same upload: the younger one wins, and no byte of the older one comes after.</summary>
public sealed class UploadTakeOverTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;
    private UploadProcess _older = null!;
    private UploadProcess _younger = null!;

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        await postgres.ClearAsync("uploads", "jobs");
        _older = await UploadProcess.StartAsync(_cluster, postgres.Database);
        _younger = await UploadProcess.StartAsync(_cluster, postgres.Database, ("TakeOverWithin", "00:00:20"));
    }

    public async Task DisposeAsync()
    {
        await _older.DisposeAsync();
        await _younger.DisposeAsync();
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Settle_AppendIsUnderWay_EndsItAndTellsItsLastOffset()
    {
        var upload = await _older.CreateAsync(10);
        var body = new TestBody().Give("abc"u8);
        var appending = _older.Sessions.AppendAsync(upload.Id, 0, body, new(), CancellationToken.None);
        await body.Starved;

        var settled = await _younger.Sessions.SettleAsync(upload.Id, CancellationToken.None);

        Assert.Equal(3, settled!.Offset);
        Assert.Equal(AppendOutcome.TakenOver, (await appending).Outcome);
        var last = await _younger.AppendAsync(upload.Id, 3, "defghij"u8.ToArray());
        Assert.Equal(AppendOutcome.Appended, last.Outcome);
        await _younger.RunJobsAsync();
        Assert.Equal("abcdefghij"u8.ToArray(), await _older.ReadFileAsync(await _younger.FindAsync(upload.Id)));
    }

    [Fact]
    public async Task Append_AnotherIsUnderWay_EndsItFirst()
    {
        var upload = await _older.CreateAsync(6);
        var body = new TestBody();
        var appending = _older.Sessions.AppendAsync(upload.Id, 0, body, new(), CancellationToken.None);
        await body.Starved;

        var last = await _younger.AppendAsync(upload.Id, 0, "abcdef"u8.ToArray());
        body.Give("ABCDEF"u8).End();

        Assert.Equal(AppendOutcome.TakenOver, (await appending).Outcome);
        Assert.Equal((AppendOutcome.Appended, UploadSessionState.Completed), (last.Outcome, last.Session!.State));
        Assert.Equal("abcdef"u8.ToArray(), await _older.ReadFileAsync(last.Session));
    }

    [Fact]
    public async Task Append_OlderOneStoredBytesMeanwhile_IsAtTheWrongOffset()
    {
        var upload = await _older.CreateAsync(6);
        var body = new TestBody().Give("abc"u8);
        var appending = _older.Sessions.AppendAsync(upload.Id, 0, body, new(), CancellationToken.None);
        await body.Starved;

        var refused = await _younger.AppendAsync(upload.Id, 0, "ABCDEF"u8.ToArray());

        Assert.Equal((AppendOutcome.WrongOffset, 3L), (refused.Outcome, refused.Offset));
        Assert.Equal((AppendOutcome.TakenOver, 3L), ((await appending).Outcome, (await appending).Offset));
    }

    [Fact]
    public async Task Append_HolderDoesNotLetGo_IsTakenByForceAndTheOlderNeverWrites()
    {
        await using var hasty = await UploadProcess.StartAsync(_cluster, postgres.Database, ("TakeOverWithin", "00:00:00.010"));
        await using var deaf = await UploadProcess.StartAsync(_cluster, postgres.Database);
        await deaf.Get<MediaAspire.Core.Database.DatabaseListener>().StopAsync(CancellationToken.None);
        var upload = await deaf.CreateAsync(6);
        var body = new TestBody().Give("ABC"u8);
        var appending = deaf.Sessions.AppendAsync(upload.Id, 0, body, new(), CancellationToken.None);
        await body.Starved;

        var first = await hasty.AppendAsync(upload.Id, 0, "ab"u8.ToArray());
        body.Give("DEF"u8).End();

        Assert.Equal((AppendOutcome.Appended, 2L), (first.Outcome, first.Offset));
        Assert.Equal((AppendOutcome.TakenOver, 2L), ((await appending).Outcome, (await appending).Offset));
        var last = await hasty.AppendAsync(upload.Id, 2, "cdef"u8.ToArray());
        Assert.Equal("abcdef"u8.ToArray(), await hasty.ReadFileAsync(last.Session!));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task Cancel_AppendIsUnderWay_EndsItWithoutATrace()
    {
        var upload = await _older.CreateAsync(6);
        var body = new TestBody().Give("abc"u8);
        var appending = _older.Sessions.AppendAsync(upload.Id, 0, body, new(), CancellationToken.None);
        await body.Starved;

        Assert.Equal(CancelOutcome.Cancelled, await _younger.Sessions.CancelAsync(upload.Id, CancellationToken.None));

        Assert.Equal(AppendOutcome.NotFound, (await appending).Outcome);
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files"));
    }
}
