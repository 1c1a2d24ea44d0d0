using System.IO.Pipelines;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Multipart;

public sealed class MultipartCatalogTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly ObjectAttributes s_attributes = new("owner", "image/png")
    {
        Metadata = new Dictionary<string, string> { ["a"] = "b" },
    };

    private readonly MultipartCatalog _uploads = new(postgres.Database, TimeProvider.System);
    private readonly ObjectCatalog _objects = new(postgres.Database, TimeProvider.System);
    private readonly BucketCatalog _buckets = new(postgres.Database, TimeProvider.System);
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;
    private BucketId _bucket;

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        await postgres.ClearAsync("buckets");
        var bucket = await _buckets.TryCreateAsync(
            "photos", "owner", "us-east-1", new Dictionary<BucketDocument, string>(), CancellationToken.None);
        _bucket = bucket!.Id;
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Complete_PartsChosen_AreOneObjectAndTheOthersAreReleased()
    {
        var upload = await BeginAsync("a/b");
        var (one, three, five) = (TestBytes.Make(1, 300_000), TestBytes.Make(3, 70_000), TestBytes.Make(5, 1000));
        await PutAsync(upload, 5, five);
        await PutAsync(upload, 1, one);
        await PutAsync(upload, 2, TestBytes.Make(2, 5));
        await PutAsync(upload, 3, three);

        var completion = await CompleteAsync(upload, [1, 3, 5]);

        var located = (await _objects.LocateAsync(_bucket, "a/b", CancellationToken.None))!;
        var version = located.Version;
        Assert.Equal(completion.Version!.Id, version.Id);
        Assert.Equal((version.ETag, version.Size, 3), (completion.Version.ETag, completion.Version.Size, completion.Version.PartCount));
        Assert.Equal("b", version.Attributes.Metadata["a"]);
        Assert.Equal((byte[])[.. one, .. three, .. five], await ReadAsync(located, 0, version.Size));
        Assert.Equal((byte[])[.. one[^3..], .. three, .. five[..2]], await ReadAsync(located, 299_997, 70_005));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted'"));
        Assert.Equal(3, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed' AND holders = 1"));
    }

    [Fact]
    public async Task Locate_VersionIsDeletedAfterwards_ReadsItsBytesAllTheSame()
    {
        var upload = await BeginAsync("k");
        var (one, two) = (TestBytes.Make(1, 300_000), TestBytes.Make(2, 70_000));
        await PutAsync(upload, 1, one);
        await PutAsync(upload, 2, two);
        await CompleteAsync(upload, [1, 2]);

        var located = (await _objects.LocateAsync(_bucket, "k", CancellationToken.None))!;
        await _objects.DeleteAsync(_bucket, "k", "owner", DeletionConditions.None, CancellationToken.None);

        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM object_parts"));
        Assert.Equal((byte[])[.. one, .. two], await ReadAsync(located, 0, located.Version.Size));
    }

    [Fact]
    public async Task Complete_AskedAgainAfterItsObjectWasReplaced_IsGone()
    {
        var upload = await BeginAsync("k");
        await PutAsync(upload, 1, TestBytes.Make(1, 10));
        await CompleteAsync(upload, [1]);
        var second = await BeginAsync("k");
        await PutAsync(second, 1, TestBytes.Make(2, 10));
        await CompleteAsync(second, [1]);

        Assert.True((await CompleteAsync(upload, [1])).IsGone);
    }

    [Fact]
    public async Task Complete_AskedAgain_AnswersTheSameVersion()
    {
        var upload = await BeginAsync("k");
        await PutAsync(upload, 1, TestBytes.Make(1, 10));

        var first = await CompleteAsync(upload, [1]);
        var second = await CompleteAsync(upload, [1]);

        Assert.Equal(first.Version!.Id, second.Version!.Id);
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM objects"));
        Assert.False(await PutAsync(upload, 2, TestBytes.Make(1, 10)));
        Assert.False(await _uploads.AbortAsync(upload.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Complete_ConditionDoesNotHold_LeavesTheUploadAsItWas()
    {
        var upload = await BeginAsync("k");
        await PutAsync(upload, 1, TestBytes.Make(1, 10));
        await CompleteAsync(upload, [1]);
        var second = await BeginAsync("k");
        await PutAsync(second, 1, TestBytes.Make(1, 10));

        var refused = await CompleteAsync(second, [1], new ObjectConditions(null, ObjectConditions.Any));

        Assert.Equal(new MultipartCompletion(ObjectWriteOutcome.PreconditionFailed, null), refused);
        Assert.Single(await _uploads.ListPartsAsync(second.Id, 0, 10, CancellationToken.None));
        Assert.NotNull((await CompleteAsync(second, [1])).Version);
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task PutPart_SameNumberAgain_ReleasesTheFirst()
    {
        var upload = await BeginAsync("k");
        await PutAsync(upload, 7, TestBytes.Make(1, 10));
        await PutAsync(upload, 7, TestBytes.Make(2, 20));

        var part = Assert.Single(await _uploads.ListPartsAsync(upload.Id, 0, 10, CancellationToken.None));
        Assert.Equal((7, 20), (part.Number, part.Size));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted'"));
    }

    [Fact]
    public async Task PutPart_TwentyAtOnceOfOneNumber_OneIsLeft()
    {
        var upload = await BeginAsync("k");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PutAsync(upload, 1, TestBytes.Make(i, 100 + i))));

        Assert.Single(await _uploads.ListPartsAsync(upload.Id, 0, 10, CancellationToken.None));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(19, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted'"));
    }

    [Fact]
    public async Task AbortAndComplete_WhilePartsArrive_NoFileIsLeftWithoutAHolder()
    {
        for (var round = 0; round < 10; round++)
        {
            var upload = await BeginAsync("k");
            await PutAsync(upload, 1, TestBytes.Make(1, 10));

            var puts = Enumerable.Range(2, 8).Select(i => PutAsync(upload, i, TestBytes.Make(i, 10))).ToList();
            var ending = round % 2 == 0 ? (Task)_uploads.AbortAsync(upload.Id, CancellationToken.None) : CompleteAsync(upload, [1]);
            await Task.WhenAll([.. puts, ending]);
        }

        // Each round replaces the object of the one before.
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM object_parts"));
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM multipart_parts"));
    }

    [Fact]
    public async Task DeleteBucket_UploadUnderWay_ReleasesItsParts()
    {
        var upload = await BeginAsync("k");
        await PutAsync(upload, 1, TestBytes.Make(1, 10));

        Assert.Equal(BucketDeletion.Deleted, await _buckets.DeleteAsync(_bucket, CancellationToken.None));

        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM multipart_uploads"));
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.True((await CompleteAsync(upload, [1])).IsGone);
    }

    [Fact]
    public async Task List_UploadsOfSeveralKeys_AreOrderedByKeyAndAge()
    {
        var b1 = await BeginAsync("b");
        var a = await BeginAsync("a");
        var b2 = await BeginAsync("b");

        var all = await _uploads.ListAsync(_bucket, "", "", null, 10, CancellationToken.None);
        var afterFirst = await _uploads.ListAsync(_bucket, "", "b", b1.Id, 10, CancellationToken.None);
        var afterKey = await _uploads.ListAsync(_bucket, "", "a", null, 10, CancellationToken.None);

        Assert.Equal([a.Id, b1.Id, b2.Id], all.Select(upload => upload.Id));
        Assert.Equal([b2.Id], afterFirst.Select(upload => upload.Id));
        Assert.Equal([b1.Id, b2.Id], afterKey.Select(upload => upload.Id));
    }

    private async Task<MultipartUpload> BeginAsync(string key)
    {
        var id = await _uploads.BeginAsync(_bucket, key, s_attributes, "initiator", CancellationToken.None);
        return (await _uploads.FindAsync(_bucket, key, id!.Value, CancellationToken.None))!;
    }

    private async Task<bool> PutAsync(MultipartUpload upload, int number, byte[] bytes)
    {
        var file = new NewFile("part", "application/octet-stream") { Length = bytes.Length, Holders = 1 };
        await using var part = await _store.Writer.BeginAsync(file, CancellationToken.None);
        await part.WriteAsync(new MemoryStream(bytes), long.MaxValue, CancellationToken.None);
        return await MultipartCatalog.PutPartAsync(
            upload.Id, number, part, new string('0', 32), checksum: null, CancellationToken.None) is not null;
    }

    private Task<MultipartCompletion> CompleteAsync(MultipartUpload upload, int[] numbers, ObjectConditions? conditions = null) =>
        _uploads.CompleteAsync(upload, parts => Choose(parts, numbers), conditions ?? ObjectConditions.None, CancellationToken.None);

    private static CompletedParts Choose(IReadOnlyList<UploadedPart> uploaded, int[] numbers)
    {
        var offset = 0L;
        var parts = new List<ObjectPart>();
        foreach (var part in uploaded.Where(part => numbers.Contains(part.Number)))
        {
            parts.Add(new(part.Number, offset, part.Size, part.Checksum, part.File));
            offset += part.Size;
        }

        return new(parts, "etag-1", null);
    }

    private async Task<byte[]> ReadAsync(LocatedObject located, long offset, long length)
    {
        using var bytes = new MemoryStream();
        await using var range = await new ObjectReader(new ContentReader(_store.Catalog, _store.Reader)).OpenAsync(
            located, offset, length, CancellationToken.None);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, CancellationToken.None);
        await writer.CompleteAsync();
        return bytes.ToArray();
    }
}
