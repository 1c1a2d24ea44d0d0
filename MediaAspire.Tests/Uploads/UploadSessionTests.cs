using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Uploads;

/// <summary>The contract of resumable uploads, over a real PostgreSQL and nodes in this process.</summary>
public sealed class UploadSessionTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;
    private UploadProcess _api = null!;

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        await postgres.ClearAsync("uploads", "jobs", "owners", "quotas");
        _api = await UploadProcess.StartAsync(_cluster, postgres.Database);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Append_AllBytesInPieces_BecomeOneFileWithItsHash()
    {
        var bytes = TestBytes.Make(1, 700_000);
        var upload = await _api.CreateAsync(bytes.Length);

        var first = await _api.AppendAsync(upload.Id, 0, bytes.AsMemory(0, 300_001));
        var second = await _api.AppendAsync(upload.Id, 300_001, bytes.AsMemory(300_001));

        Assert.Equal((AppendOutcome.Appended, 300_001L, UploadSessionState.Receiving), Of(first));
        Assert.Equal((AppendOutcome.Appended, 700_000L, UploadSessionState.Completed), Of(second));
        Assert.Equal(bytes, await _api.ReadFileAsync(second.Session!));
        var file = (await _store.Catalog.FindAsync(((FileResult)second.Session!.Result!).File, CancellationToken.None))!;
        Assert.Equal(SHA256.HashData(bytes), file.Sha256!.Bytes.ToArray());
        Assert.Equal(("film.bin", "video/mp4"), (file.Filename, file.ContentType));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files"));
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM upload_pieces"));
    }

    [Fact]
    public async Task Append_ConnectionBreaks_KeepsWhatHasArrived()
    {
        var bytes = TestBytes.Make(2, 200_000);
        var upload = await _api.CreateAsync(bytes.Length);

        var broken = await _api.Sessions.AppendAsync(
            upload.Id, 0, new TestBody().Give(bytes.AsSpan(0, 150_000)).Break(), new(), CancellationToken.None);
        var rest = await _api.AppendAsync(upload.Id, 150_000, bytes.AsMemory(150_000));

        Assert.Equal((AppendOutcome.Interrupted, 150_000L, UploadSessionState.Receiving), Of(broken));
        Assert.Equal(bytes, await _api.ReadFileAsync(rest.Session!));
    }

    [Fact]
    public async Task Append_RequestIsAborted_KeepsWhatHasArrived()
    {
        var bytes = TestBytes.Make(2, 50_000);
        var upload = await _api.CreateAsync(100_000);
        using var aborted = new CancellationTokenSource();
        var body = new TestBody().Give(bytes);

        var appending = _api.Sessions.AppendAsync(upload.Id, 0, body, new(), aborted.Token);
        await body.Starved;
        await aborted.CancelAsync();

        Assert.Equal((AppendOutcome.Interrupted, 50_000L, UploadSessionState.Receiving), Of(await appending));
    }

    [Fact]
    public async Task Append_OtherProcessContinues_HashesTheStoredBytesByAJob()
    {
        var bytes = TestBytes.Make(3, 400_000);
        await using var other = await UploadProcess.StartAsync(_cluster, postgres.Database);
        var upload = await _api.CreateAsync(bytes.Length, upload => upload with { Sha256 = new(SHA256.HashData(bytes)) });
        await _api.AppendAsync(upload.Id, 0, bytes.AsMemory(0, 200_000));

        var last = await other.AppendAsync(upload.Id, 200_000, bytes.AsMemory(200_000));

        Assert.Equal((AppendOutcome.Appended, 400_000L, UploadSessionState.Completing), Of(last));
        Assert.Equal(1, await other.RunJobsAsync());
        var done = await _api.FindAsync(upload.Id);
        Assert.Equal(UploadSessionState.Completed, done.State);
        Assert.Equal(bytes, await _api.ReadFileAsync(done));
    }

    [Fact]
    public async Task Append_BytesHaveAnotherHashThanDeclared_FailsAndReleasesThem()
    {
        var upload = await _api.CreateAsync(5, upload => upload with { Sha256 = Sha256Digest.OfNothing });

        var last = await _api.AppendAsync(upload.Id, 0, "hello"u8.ToArray());

        Assert.Equal((AppendOutcome.Appended, 5L, UploadSessionState.Failed), Of(last));
        Assert.Equal(UploadFailureCodes.Sha256Mismatch, last.Session!.Failure!.Code);
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(AppendOutcome.Closed, (await _api.AppendAsync(upload.Id, 5, "x"u8.ToArray())).Outcome);
    }

    [Theory]
    [InlineData(0, AppendOutcome.WrongOffset)]
    [InlineData(4, AppendOutcome.WrongOffset)]
    [InlineData(3, AppendOutcome.Appended)]
    public async Task Append_Offset_MustBeTheUploads(long offset, AppendOutcome expected)
    {
        var upload = await _api.CreateAsync(10);
        await _api.AppendAsync(upload.Id, 0, "abc"u8.ToArray());

        var result = await _api.AppendAsync(upload.Id, offset, "def"u8.ToArray());

        Assert.Equal(expected, result.Outcome);
        Assert.Equal(expected == AppendOutcome.Appended ? 6 : 3, result.Offset);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(11L)]
    public async Task Append_MoreBytesThanTheLength_KeepsNone(long? declared)
    {
        var upload = await _api.CreateAsync(10);

        var result = await _api.AppendAsync(upload.Id, 0, new byte[11], new() { ContentLength = declared });

        Assert.Equal((AppendOutcome.TooLarge, 0L, UploadSessionState.Receiving), Of(result));
        Assert.Equal((AppendOutcome.TooLarge, 0L, UploadSessionState.Receiving), Of(
            await _api.AppendAsync(upload.Id, 0, new byte[6], new() { MaxBytes = 5 })));
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task Append_Atomic_KeepsAllOrNothing()
    {
        var upload = await _api.CreateAsync(400_000);
        var bytes = TestBytes.Make(1, 300_000);
        var atomic = new AppendOptions { IsAtomic = true };

        Assert.Equal((AppendOutcome.Interrupted, 0L, UploadSessionState.Receiving), Of(
            await SendAsync(new TestBody().Give(bytes).Break())));
        Assert.Equal((AppendOutcome.ChecksumMismatch, 0L, UploadSessionState.Receiving), Of(
            await SendAsync(new TestBody().Give(bytes).Break(new ChecksumMismatchException("It is another one.", isMalformed: false)))));
        Assert.Equal((AppendOutcome.Appended, 300_000L, UploadSessionState.Receiving), Of(
            await SendAsync(new TestBody().Give(bytes).End())));

        Task<AppendResult> SendAsync(TestBody body) => _api.Sessions.AppendAsync(upload.Id, 0, body, atomic, CancellationToken.None);
    }

    [Fact]
    public async Task SetLength_OfAnUploadWithoutOne_IsSetOnce()
    {
        var upload = await _api.CreateAsync(length: null);
        await _api.AppendAsync(upload.Id, 0, "abc"u8.ToArray());

        Assert.Equal(LengthOutcome.OutOfRange, (await _api.Sessions.SetLengthAsync(upload.Id, 2, CancellationToken.None)).Outcome);
        Assert.Equal(LengthOutcome.Set, (await _api.Sessions.SetLengthAsync(upload.Id, 6, CancellationToken.None)).Outcome);
        Assert.Equal(LengthOutcome.Set, (await _api.Sessions.SetLengthAsync(upload.Id, 6, CancellationToken.None)).Outcome);
        Assert.Equal(LengthOutcome.Known, (await _api.Sessions.SetLengthAsync(upload.Id, 7, CancellationToken.None)).Outcome);
        var last = await _api.AppendAsync(upload.Id, 3, "def"u8.ToArray());
        Assert.Equal(LengthOutcome.Closed, (await _api.Sessions.SetLengthAsync(upload.Id, 7, CancellationToken.None)).Outcome);
        Assert.Equal("abcdef"u8.ToArray(), await _api.ReadFileAsync(last.Session!));
    }

    [Fact]
    public async Task Complete_OfAnUploadWithoutLength_EndsWithWhatItHas()
    {
        var upload = await _api.CreateAsync(length: null);
        await _api.AppendAsync(upload.Id, 0, "abc"u8.ToArray());

        var last = await _api.AppendAsync(upload.Id, 3, Array.Empty<byte>(), new() { Completes = true });

        Assert.Equal((AppendOutcome.Appended, 3L, UploadSessionState.Completed), Of(last));
        Assert.Equal("abc"u8.ToArray(), await _api.ReadFileAsync(last.Session!));
        Assert.Equal(CompletionOutcome.Completed, (await _api.Sessions.CompleteAsync(upload.Id, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Complete_BytesAreMissing_IsIncomplete()
    {
        var upload = await _api.CreateAsync(10);

        Assert.Equal(CompletionOutcome.Incomplete, (await _api.Sessions.CompleteAsync(upload.Id, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Create_WithoutBytes_IsAnEmptyFileAtOnce()
    {
        var upload = await _api.CreateAsync(0);

        Assert.Equal(UploadSessionState.Completed, upload.State);
        Assert.Empty(await _api.ReadFileAsync(upload));
    }

    [Fact]
    public async Task Cancel_OfAnUploadUnderWay_RemovesItsBytes()
    {
        var upload = await _api.CreateAsync(10);
        await _api.AppendAsync(upload.Id, 0, "abc"u8.ToArray());

        Assert.Equal(CancelOutcome.Cancelled, await _api.Sessions.CancelAsync(upload.Id, CancellationToken.None));
        Assert.Equal(CancelOutcome.NotFound, await _api.Sessions.CancelAsync(upload.Id, CancellationToken.None));
        Assert.Equal(AppendOutcome.NotFound, (await _api.AppendAsync(upload.Id, 3, "d"u8.ToArray())).Outcome);
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task Cancel_OfAFinishedUpload_IsRefused()
    {
        var upload = await _api.CreateAsync(3);
        var last = await _api.AppendAsync(upload.Id, 0, "abc"u8.ToArray());

        Assert.Equal(CancelOutcome.Finished, await _api.Sessions.CancelAsync(upload.Id, CancellationToken.None));
        Assert.Equal("abc"u8.ToArray(), await _api.ReadFileAsync(last.Session!));
    }

    private static (AppendOutcome Outcome, long Offset, UploadSessionState? State) Of(AppendResult result)
    {
        Assert.Equal(result.Offset, result.Session?.Offset);
        return (result.Outcome, result.Offset, result.Session?.State);
    }
}
