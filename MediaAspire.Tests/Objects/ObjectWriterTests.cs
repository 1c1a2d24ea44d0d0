using MediaAspire.Core.Buckets;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Objects;

public sealed class ObjectWriterTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly BucketCatalog _buckets = new(postgres.Database, TimeProvider.System);
    private readonly ObjectCatalog _objects = new(postgres.Database, TimeProvider.System);
    private readonly ObjectWriter _writer = new(TimeProvider.System);
    private TestCluster _cluster = null!;
    private TestFileStore _files = null!;
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("buckets");
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _files = await TestFileStore.StartAsync(postgres, _cluster);
        _bucket = (await _buckets.TryCreateAsync("first", "alice", "us-east-1", new Dictionary<BucketDocument, string>(), default))!;
    }

    public async Task DisposeAsync()
    {
        await _files.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    public static TheoryData<string, Func<BucketCatalog, BucketId, Task>> Changes()
    {
        var changes = new TheoryData<string, Func<BucketCatalog, BucketId, Task>>
        {
            { "versioning", (buckets, id) => buckets.SetVersioningAsync(id, BucketVersioning.Enabled, default) },
            {
                "object lock", async (buckets, id) =>
                {
                    await buckets.SetVersioningAsync(id, BucketVersioning.Enabled, default);
                    await buckets.SetObjectLockAsync(id, new ObjectLockConfiguration(Default: null), default);
                }
            },
        };
        foreach (var document in Enum.GetValues<BucketDocument>().Where(document => document != BucketDocument.ObjectLock))
        {
            changes.Add(document.ToString(), (buckets, id) =>
                buckets.SetDocumentAsync(id, document, document == BucketDocument.Ownership ? "x" : "{}", default));
            changes.Add($"no {document}", (buckets, id) => buckets.SetDocumentAsync(id, document, null, default));
        }

        return changes;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_put_fails_that_rests_on_a_bucket_before_a_change(string what, Func<BucketCatalog, BucketId, Task> change)
    {
        Assert.NotEmpty(what);
        await change(_buckets, _bucket.Id);

        await using var upload = await UploadAsync(1000);
        Assert.Equal(ObjectWriteOutcome.BucketChanged, await PutAsync(upload, _bucket.RowVersion));
        Assert.Equal(0, await _files.CountAsync("SELECT count(*) FROM files"));
        var fresh = await _buckets.FindAsync("first", default);
        Assert.Equal(ObjectWriteOutcome.Written, await PutAsync(upload, fresh!.RowVersion));
        Assert.NotNull(await _objects.FindAsync(_bucket.Id, "a", default));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public async Task A_put_of_any_size_does_not_change_the_row_of_its_bucket(int size)
    {
        for (var i = 0; i < 3; i++)
        {
            await using var upload = await UploadAsync(size);
            Assert.Equal(ObjectWriteOutcome.Written, await PutAsync(upload, _bucket.RowVersion));
        }

        Assert.Equal(_bucket.RowVersion, (await _buckets.FindAsync("first", default))!.RowVersion);
        Assert.Equal(1, await _files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await _files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public async Task A_deleted_bucket_accepts_nothing_even_when_another_has_its_name(int size)
    {
        await using (var upload = await UploadAsync(size))
        {
            Assert.Equal(BucketDeletion.Deleted, await _buckets.DeleteAsync(_bucket.Id, default));
            var other = await _buckets.TryCreateAsync("first", "alice", "us-east-1", new Dictionary<BucketDocument, string>(), default);

            Assert.Equal(ObjectWriteOutcome.NoSuchBucket, await PutAsync(upload, _bucket.RowVersion));
            Assert.Equal(ObjectWriteOutcome.NoSuchBucket, await PutAsync(upload, seen: null));
            Assert.NotEqual(other!.RowVersion, _bucket.RowVersion);
        }

        Assert.Equal(0, await _files.CountAsync("SELECT count(*) FROM files"));
        Assert.Equal(0, await _files.CountAsync("SELECT count(*) FROM objects"));
        Assert.All(_cluster.Nodes, node => Assert.Empty(node.Files));
    }

    [Fact]
    public async Task A_short_upload_whose_statements_fail_leaves_nothing()
    {
        await using (var upload = await UploadAsync(1000))
        {
            // A second file with its id: an error of the server instead of an outcome, which rolls everything back.
            await postgres.ExecuteAsync(
                "INSERT INTO files (file_id, filename, content_type, upload_status, copies) VALUES ($1, 'x', 'x', 'failed', 1)",
                upload.Id.Value);
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => PutAsync(upload, _bucket.RowVersion));
        }

        Assert.Equal(0, await _files.CountAsync("SELECT count(*) FROM chunks"));
        Assert.All(_cluster.Nodes, node => Assert.Empty(node.Files));
    }

    [Fact]
    public async Task A_put_is_decided_again_by_the_bucket_as_it_is_until_it_rests_on_that()
    {
        await _buckets.SetVersioningAsync(_bucket.Id, BucketVersioning.Enabled, default);
        var decisions = 0;

        await using var upload = await UploadAsync(1000);
        var write = await _writer.WriteAsync(upload, Put(_bucket.Id, _bucket.RowVersion), DecideAgainAsync, default);

        Assert.Equal((ObjectWriteOutcome.Written, 2), (write.Outcome, decisions));
        Assert.Equal(write.Version!.Id, (await _objects.FindAsync(_bucket.Id, "a", default))!.Id);

        async Task<ObjectPut> DecideAgainAsync(CancellationToken cancellationToken)
        {
            var now = (await _buckets.FindAsync("first", cancellationToken))!;

            // Another change follows the first decision.
            if (++decisions == 1)
            {
                await _buckets.SetVersioningAsync(_bucket.Id, BucketVersioning.Suspended, cancellationToken);
            }

            return Put(now.Id, now.RowVersion);
        }
    }

    [Theory]
    [InlineData(null, null, ObjectWriteOutcome.Written, ObjectWriteOutcome.Written)]
    [InlineData("*", null, ObjectWriteOutcome.NoSuchKey, ObjectWriteOutcome.Written)]
    [InlineData("0", null, ObjectWriteOutcome.NoSuchKey, ObjectWriteOutcome.Written)]
    [InlineData("1", null, ObjectWriteOutcome.NoSuchKey, ObjectWriteOutcome.PreconditionFailed)]
    [InlineData(null, "*", ObjectWriteOutcome.Written, ObjectWriteOutcome.PreconditionFailed)]
    [InlineData(null, "0", ObjectWriteOutcome.Written, ObjectWriteOutcome.PreconditionFailed)]
    [InlineData(null, "1", ObjectWriteOutcome.Written, ObjectWriteOutcome.Written)]
    [InlineData("0", "1", ObjectWriteOutcome.NoSuchKey, ObjectWriteOutcome.Written)]
    [InlineData("0", "0", ObjectWriteOutcome.NoSuchKey, ObjectWriteOutcome.PreconditionFailed)]
    public async Task Conditions_are_judged_alike_by_a_put_a_copy_and_without_writing(
        string? ifMatch, string? ifNoneMatch, ObjectWriteOutcome onNothing, ObjectWriteOutcome onObject)
    {
        var conditions = new ObjectConditions(ifMatch, ifNoneMatch);
        await using var source = await UploadAsync(1000);
        Assert.Equal(ObjectWriteOutcome.Written, await PutAsync(source, _bucket.RowVersion, "source"));
        foreach (var (exists, expected) in new[] { (false, onNothing), (true, onObject) })
        {
            foreach (var size in new[] { 1000, 300_000 })
            {
                await SetAsync(exists);
                await using var upload = await UploadAsync(size);
                var write = await _writer.TryWriteAsync(
                    upload, Put(_bucket.Id, _bucket.RowVersion) with { Conditions = conditions }, default);
                Assert.Equal((expected, expected == ObjectWriteOutcome.Written), (write.Outcome, write.Version is not null));
            }

            await SetAsync(exists);
            Assert.Equal(expected, await _objects.JudgeAsync(_bucket.Id, "a", conditions, default));
            var copy = new NewVersion(VersionId.New(TimeProvider.System), "a", new("alice", "b/c"), 1000, "2") { File = source.Id };
            Assert.Equal(expected, (await _objects.ShareAsync(_bucket.Id, copy, [], conditions, default)).Outcome);
        }
    }

    private async Task SetAsync(bool exists)
    {
        await _objects.DeleteAsync(_bucket.Id, "a", "alice", DeletionConditions.None, default);
        if (exists)
        {
            await using var upload = await UploadAsync(1000);
            Assert.Equal(ObjectWriteOutcome.Written, await PutAsync(upload, _bucket.RowVersion));
        }
    }

    private async Task<FileUpload> UploadAsync(int size)
    {
        var upload = await _files.Writer.BeginAsync(new NewFile("a", "b/c") { Length = size, Holders = 1 }, default);
        await upload.WriteAsync(new MemoryStream(new byte[size]), long.MaxValue, default);
        return upload;
    }

    private async Task<ObjectWriteOutcome> PutAsync(FileUpload upload, uint? seen, string key = "a") =>
        (await _writer.TryWriteAsync(upload, Put(_bucket.Id, seen) with { Key = key }, default)).Outcome;

    private static ObjectPut Put(BucketId bucket, uint? seen) =>
        new(bucket, seen, "a", new ObjectAttributes("alice", "b/c"), "0", ObjectConditions.None);
}
