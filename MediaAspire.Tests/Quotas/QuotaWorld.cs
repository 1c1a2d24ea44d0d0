using MediaAspire.Core.Buckets;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Quotas;

/// <summary>The writes of two replicas of the API to one database: files, objects, copies and uploads in parts of one owner.</summary>
internal sealed class QuotaWorld : IAsyncDisposable
{
    public static readonly OwnerId Owner = new("alice");

    private static readonly byte[] s_bytes = TestBytes.Make(1, 300_000);

    private readonly PostgresFixture _postgres;
    private readonly TestCluster _cluster;
    private readonly Replica[] _replicas;

    private QuotaWorld(PostgresFixture postgres, TestCluster cluster, Replica[] replicas)
    {
        _postgres = postgres;
        _cluster = cluster;
        _replicas = replicas;
        Quotas = new(postgres.Database, TimeProvider.System);
        Counter = new(postgres.Database, TimeProvider.System);
        Buckets = new(postgres.Database, TimeProvider.System);
    }

    public QuotaCatalog Quotas { get; }

    public QuotaCounter Counter { get; }

    public BucketCatalog Buckets { get; }

    public ObjectCatalog Objects => _replicas[0].Objects;

    public MultipartCatalog Uploads => _replicas[0].Uploads;

    public TestCluster Cluster => _cluster;

    public static async Task<QuotaWorld> StartAsync(PostgresFixture postgres)
    {
        await postgres.ClearAsync("owners", "buckets", "named_files");
        await postgres.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'Alice'), ('bob', 'Bob')");
        var cluster = await TestCluster.StartAsync(nodes: 1);
        var replicas = new Replica[2];
        for (var i = 0; i < replicas.Length; i++)
        {
            var database = NpgsqlDataSource.Create(postgres.ConnectionString);
            var files = await TestFileStore.StartAsync(postgres, cluster, new ChunkOptions { Copies = 1 }, database);
            replicas[i] = new(database, files, new(database, TimeProvider.System), new(database, TimeProvider.System));
        }

        return new(postgres, cluster, replicas);
    }

    public async Task<Bucket> CreateBucketAsync(string name, BucketVersioning versioning = BucketVersioning.Off, string owner = "alice")
    {
        var bucket = await Buckets.TryCreateAsync(name, owner, "us-east-1", new Dictionary<BucketDocument, string>(), default);
        if (versioning != BucketVersioning.Off)
        {
            await Buckets.SetVersioningAsync(bucket!.Id, versioning, default);
        }

        return bucket!;
    }

    /// <summary>Sets a quota and has it counted.</summary>
    public async Task SetAsync(QuotaScope scope, long? bytes, long? objects = null)
    {
        var id = await Quotas.SetAsync(scope, new(bytes, objects), default);
        await Counter.CountAsync(id!.Value, default);
    }

    public Task<QuotaUsage> UsedAsync() => UsedAsync(QuotaScope.Of(Owner));

    public async Task<QuotaUsage> UsedAsync(QuotaScope scope) => (await Quotas.FindAsync(scope, default))!.Usage!.Value;

    /// <summary>Stores a file of the owner.</summary>
    /// <returns>Its id; <see langword="null"/> when a quota refuses it.</returns>
    public Task<FileId?> PutFileAsync(int size, int replica = 0) => AllowedAsync(async () =>
    {
        await using var upload = await UploadAsync(_replicas[replica], size, holders: null, Owner);
        return (FileId?)(await upload.CommitAsync(default)).Id;
    });

    public Task<bool> DeleteFileAsync(FileId id, int replica = 0) => _replicas[replica].Files.Catalog.DeleteAsync(id, Owner, default);

    /// <summary>Puts an object.</summary>
    /// <returns>The version; <see langword="null"/> when a quota refuses it.</returns>
    public Task<NewVersion?> PutObjectAsync(BucketId bucket, string key, int size, int replica = 0) => AllowedAsync(async () =>
    {
        await using var upload = await UploadAsync(_replicas[replica], size, holders: 1, owner: null);
        var put = new ObjectPut(bucket, Seen: null, key, new("alice", "b/c"), "etag", ObjectConditions.None);
        var write = await new ObjectWriter(TimeProvider.System).TryWriteAsync(upload, put, default);
        Assert.Equal(ObjectWriteOutcome.Written, write.Outcome);
        return write.Version;
    });

    /// <summary>Copies an object.</summary>
    /// <returns>The version; <see langword="null"/> when a quota refuses it, or the source is gone.</returns>
    public Task<ObjectVersion?> CopyAsync(BucketId bucket, NewVersion source, string key, int replica = 0) => AllowedAsync(async () =>
    {
        var copy = new NewVersion(VersionId.New(TimeProvider.System), key, new("alice", "b/c"), source.Size, "etag") { File = source.File };
        return (await _replicas[replica].Objects.ShareAsync(bucket, copy, [], ObjectConditions.None, default)).Version;
    });

    public async Task<MultipartUpload> BeginUploadAsync(BucketId bucket, string key)
    {
        var id = await Uploads.BeginAsync(bucket, key, new("alice", "b/c"), "alice", default);
        return (await Uploads.FindAsync(bucket, key, id!.Value, default))!;
    }

    /// <summary>Puts a part.</summary>
    /// <returns><see langword="false"/> when a quota refuses it, or the upload has ended.</returns>
    public async Task<bool> PutPartAsync(UploadId id, int number, int size, int replica = 0) => await AllowedAsync(async () =>
    {
        await using var upload = await UploadAsync(_replicas[replica], size, holders: 1, owner: null);
        return await MultipartCatalog.PutPartAsync(id, number, upload, "etag", checksum: null, default) is null ? null : "put";
    }) is not null;

    /// <summary>Completes an upload with some of its parts.</summary>
    /// <returns>The result; <see langword="null"/> when a quota refuses it.</returns>
    public Task<MultipartCompletion?> CompleteAsync(MultipartUpload upload, params int[] numbers) => AllowedAsync(async () =>
        (MultipartCompletion?)await Uploads.CompleteAsync(upload, parts => Choose(parts, numbers), ObjectConditions.None, default));

    /// <summary>Stores the bytes of a staged version, as the worker does.</summary>
    public async Task<FileId> SplitAsync(StagingId version, int size)
    {
        await using var upload = await UploadAsync(_replicas[0], size, holders: null, owner: null);
        return (await NamedFileCatalog.SwitchAsync(version, upload, default))!.Id;
    }

    /// <summary>Counts what is stored, by other statements than the product's.</summary>
    public async Task<QuotaUsage> CountAsync()
    {
        await using var command = _postgres.Database.CreateCommand(
            """
            SELECT (
                coalesce((SELECT sum(size) FROM objects), 0) + coalesce((SELECT sum(size) FROM multipart_parts), 0)
                + coalesce((SELECT sum(total_size) FROM files WHERE upload_status = 'completed' AND owner_id = 'alice'), 0)
                + coalesce((SELECT sum(size) FROM named_files WHERE file_id IS NULL AND owner_id = 'alice'), 0))::bigint,
                (SELECT count(*) FROM objects WHERE NOT is_delete_marker)
                + (SELECT count(*) FROM files WHERE upload_status = 'completed' AND owner_id = 'alice')
                + (SELECT count(*) FROM named_files WHERE file_id IS NULL AND owner_id = 'alice')
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Asserts that the usage of every quota is what is stored, and that refused writes have left nothing.</summary>
    public async Task AssertExactAsync()
    {
        Assert.Equal(await CountAsync(), await UsedAsync());
        Assert.Equal(0, await _replicas[0].Files.CountAsync(
            """
            SELECT count(*) FROM quotas q CROSS JOIN LATERAL usage_of(q.bucket_id, q.owner_id) u
            WHERE (q.used_bytes, q.used_objects) IS DISTINCT FROM (u.bytes, u.objects) OR q.is_counting
            """));
        Assert.Equal(
            0, await _replicas[0].Files.CountAsync("SELECT count(*) FROM files WHERE upload_status NOT IN ('completed', 'deleted')"));
        Assert.Equal(
            await _replicas[0].Files.CountAsync("SELECT count(*) FROM chunks"), _cluster.Nodes.Sum(node => (long)node.Files.Length));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.Files.DisposeAsync();
            await replica.Database.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }

    private static async Task<T?> AllowedAsync<T>(Func<Task<T?>> write)
    {
        try
        {
            return await write();
        }
        catch (QuotaExceededException)
        {
            return default;
        }
    }

    private static async Task<FileUpload> UploadAsync(Replica replica, int size, int? holders, OwnerId? owner)
    {
        var file = new NewFile("a", "b/c") { Length = size, Holders = holders, Owner = owner };
        var upload = await replica.Files.Writer.BeginAsync(file, default);
        await upload.WriteAsync(new MemoryStream(s_bytes, 0, size), long.MaxValue, default);
        return upload;
    }

    private static CompletedParts Choose(IReadOnlyList<UploadedPart> parts, int[] numbers)
    {
        var offset = 0L;
        var chosen = new List<ObjectPart>();
        foreach (var part in parts.Where(part => numbers.Contains(part.Number)))
        {
            chosen.Add(new(part.Number, offset, part.Size, part.Checksum, part.File));
            offset += part.Size;
        }

        return new(chosen, "etag-1", null);
    }

    private sealed record Replica(NpgsqlDataSource Database, TestFileStore Files, ObjectCatalog Objects, MultipartCatalog Uploads);
}
