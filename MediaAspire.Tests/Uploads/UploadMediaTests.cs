using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;

namespace MediaAspire.Tests.Uploads;

/// <summary>Uploads that become parts of media items, in the object store.</summary>
public sealed class UploadMediaTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;
    private UploadProcess _worker = null!;

    private FakeObjectStore Objects => (FakeObjectStore)_worker.Get<IObjectStore>();

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        await postgres.ClearAsync("uploads", "jobs", "media");
        _worker = await UploadProcess.StartAsync(_cluster, postgres.Database);
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(false, MediaPartState.Stored)]
    [InlineData(true, MediaPartState.Verifying)]
    public async Task Part_AllBytesArrived_IsWrittenToTheStoreAndFinished(bool inParts, MediaPartState expected)
    {
        var text = new string('m', 300_000);
        var item = await CreateAsync(text, inParts);
        var upload = await BeginAsync(item, text.Length);

        var last = await _worker.AppendAsync(upload.Id, 0, UploadWorld.Bytes(text));
        Assert.Equal(UploadSessionState.Completing, last.Session!.State);
        Assert.Equal(1, await _worker.RunJobsAsync());

        var done = await _worker.FindAsync(upload.Id);
        Assert.Equal(new MediaPartResult(item.Id, 1), done.Result);
        var part = (await _worker.Get<IMediaStore>().FindAsync(item.Id, CancellationToken.None))!.Parts[0];
        Assert.Equal(expected, part.State);
        Assert.Equal(UploadWorld.Bytes(text), Objects.ContentOf(part.ObjectKey));
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task Part_BytesAreNotTheDeclaredOnes_FailsAndWritesNothing()
    {
        var item = await CreateAsync("hello", inParts: false);
        var upload = await BeginAsync(item, 5);

        await _worker.AppendAsync(upload.Id, 0, "HELLO"u8.ToArray());
        await _worker.RunJobsAsync();

        Assert.Equal(UploadFailureCodes.TargetRefused, (await _worker.FindAsync(upload.Id)).Failure!.Code);
        Assert.Empty(Objects.Keys);
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task Part_StoreFailsOnce_IsWrittenByTheNextAttempt()
    {
        var item = await CreateAsync("hello", inParts: false);
        var upload = await BeginAsync(item, 5);
        await _worker.AppendAsync(upload.Id, 0, "hello"u8.ToArray());
        var isDown = true;
        Objects.Before = (method, _) =>
        {
            if (method == "put" && isDown)
            {
                throw new ObjectStoreException("The store is down.", code: null, innerException: null);
            }
        };

        await Assert.ThrowsAsync<ObjectStoreException>(() => _worker.Completer.FinishAsync(upload.Id, CancellationToken.None));
        Assert.Equal(UploadSessionState.Completing, (await _worker.FindAsync(upload.Id)).State);
        isDown = false;
        await _worker.Completer.FinishAsync(upload.Id, CancellationToken.None);

        Assert.Equal(UploadSessionState.Completed, (await _worker.FindAsync(upload.Id)).State);
    }

    private Task<UploadSession> BeginAsync(MediaItem item, long length) => _worker.Sessions.CreateAsync(
        new NewUploadSession(new MediaPartTarget(item.Id, 1), "key") { Length = length }, CancellationToken.None);

    private async Task<MediaItem> CreateAsync(string content, bool inParts)
    {
        var media = UploadWorld.Parse(UploadWorld.Input(content) with { Multipart = inParts });
        var created = await _worker.Get<CreateMedia>().CreateAsync(new MediaOwner("alice"), media, CancellationToken.None);
        return Assert.IsType<CreateResult.Created>(created).Item;
    }
}
