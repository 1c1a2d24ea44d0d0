using MediaAspire.Core.Buckets;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Objects;

public sealed class PutClaimTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly BucketCatalog _buckets = new(postgres.Database, TimeProvider.System);
    private readonly ObjectCatalog _objects = new(postgres.Database, TimeProvider.System);
    private TestCluster _cluster = null!;
    private TestFileStore _files = null!;
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        await postgres.ExecuteAsync("TRUNCATE buckets CASCADE");
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
            changes.Add(document.ToString(), (buckets, id) => buckets.SetDocumentAsync(id, document, document == BucketDocument.Ownership ? "x" : "{}", default));
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
        Assert.Null(await upload.TryCommitAsync(Put(upload, _bucket.RowVersion), default));
        Assert.Equal(0, await _files.CountAsync("SELECT count(*) FROM files"));
        var fresh = await _buckets.FindAsync("first", default);
        Assert.NotNull(await upload.TryCommitAsync(Put(upload, fresh!.RowVersion), default));
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
            Assert.NotNull(await upload.TryCommitAsync(Put(upload, _bucket.RowVersion), default));
        }

        Assert.Equal(_bucket.RowVersion, (await _buckets.FindAsync("first", default))!.RowVersion);
        Assert.Equal(1, await _files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await _files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public async Task A_bucket_that_is_gone_takes_nothing_even_when_another_has_its_name(int size)
    {
        await using (var upload = await UploadAsync(size))
        {
            Assert.Equal(BucketDeletion.Deleted, await _buckets.DeleteAsync(_bucket.Id, default));
            var other = await _buckets.TryCreateAsync("first", "alice", "us-east-1", new Dictionary<BucketDocument, string>(), default);

            Assert.Null(await upload.TryCommitAsync(Put(upload, _bucket.RowVersion), default));
            Assert.Null(await upload.TryCommitAsync(Put(upload, seen: null), default));
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
            // A second file of its id: no outcome, but an error of the server's, which has undone everything.
            await postgres.ExecuteAsync(
                "INSERT INTO files (file_id, filename, content_type, upload_status, copies) VALUES ($1, 'x', 'x', 'failed', 1)", upload.Id.Value);
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => upload.TryCommitAsync(Put(upload, _bucket.RowVersion), default));
        }

        Assert.Equal(0, await _files.CountAsync("SELECT count(*) FROM chunks"));
        Assert.All(_cluster.Nodes, node => Assert.Empty(node.Files));
    }

    private async Task<FileUpload> UploadAsync(int size)
    {
        var upload = await _files.Writer.BeginAsync(new NewFile("a", "b/c") { Length = size, Holders = 1 }, default);
        await upload.WriteAsync(new MemoryStream(new byte[size]), long.MaxValue, default);
        return upload;
    }

    private CommitClaim Put(FileUpload upload, uint? seen) => ObjectCatalog.Put(
        _bucket.Id,
        seen,
        new NewVersion(VersionId.New(TimeProvider.System), "a", new ObjectAttributes("alice", "b/c"), upload.Size, "0") { File = upload.Id },
        ObjectConditions.None);
}
