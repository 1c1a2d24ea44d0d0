using System.IO.Pipelines;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Uploads;

/// <summary>The results of uploads: objects, images, concatenations; their quotas and their end.</summary>
public sealed class UploadTargetTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly ObjectAttributes s_attributes = new("owner", "image/png");

    private readonly ObjectCatalog _objects = new(postgres.Database, TimeProvider.System);
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;
    private UploadProcess _api = null!;
    private BucketId _bucket;

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        await postgres.ClearAsync("uploads", "jobs", "buckets", "image_uploads", "owners", "quotas");
        var bucket = await new BucketCatalog(postgres.Database, TimeProvider.System).TryCreateAsync(
            "photos", "owner", "us-east-1", new Dictionary<BucketDocument, string>(), CancellationToken.None);
        _bucket = bucket!.Id;
        _api = await UploadProcess.StartAsync(_cluster, postgres.Database);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Object_OfSeveralPieces_HasThemAsPartsAndTheChecksumOfAllBytes()
    {
        var bytes = TestBytes.Make(4, 300_000);
        var upload = await CreateObjectAsync(bytes.Length);

        await _api.AppendAsync(upload.Id, 0, bytes.AsMemory(0, 1000));
        var last = await _api.AppendAsync(upload.Id, 1000, bytes.AsMemory(1000));

        var located = (await _objects.LocateAsync(_bucket, "a/b", CancellationToken.None))!;
        var result = Assert.IsType<ObjectResult>(last.Session!.Result);
        Assert.Equal(located.Version.Id, result.Version);
        Assert.Equal(bytes, await ReadAsync(located));
        Assert.Equal(4, located.Version.PartCount);
        Assert.EndsWith("-4", located.Version.ETag, StringComparison.Ordinal);
        using var crc = ChecksumContentDigest.Create(ChecksumAlgorithm.Crc64Nvme);
        crc.Append(bytes);
        Assert.Equal(new StoredChecksum("CRC64NVME", "FULL_OBJECT", crc.GetChecksum().ToString()), located.Version.Attributes.Checksum);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Object_OfOnePiece_IsAPlainObject(int length)
    {
        var bytes = TestBytes.Make(5, length);
        var upload = await CreateObjectAsync(length);

        if (length > 0)
        {
            await _api.AppendAsync(upload.Id, 0, bytes);
        }

        var located = (await _objects.LocateAsync(_bucket, "a/b", CancellationToken.None))!;
        Assert.Equal(bytes, await ReadAsync(located));
        using var md5 = new Md5ContentDigest();
        md5.Append(bytes);
        Assert.Equal(Convert.ToHexStringLower(md5.GetMd5()), located.Version.ETag);
        Assert.Null(located.Version.PartCount);
        Assert.Equal(UploadSessionState.Completed, (await _api.FindAsync(upload.Id)).State);
    }

    [Fact]
    public async Task Object_ConditionIsNotMet_FailsAndReleasesTheBytes()
    {
        await _api.AppendAsync((await CreateObjectAsync(3)).Id, 0, "abc"u8.ToArray());
        var upload = await CreateObjectAsync(3, new ObjectConditions(null, ObjectConditions.Any));

        var last = await _api.AppendAsync(upload.Id, 0, "def"u8.ToArray());

        Assert.Equal(UploadFailureCodes.PreconditionFailed, last.Session!.Failure!.Code);
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task Image_AllBytesArrived_WaitsForItsIngest()
    {
        var upload = await _api.Sessions.CreateAsync(
            new NewUploadSession(new ImageTarget(new UploadWishes { MaxWidth = 5 }), "key") { Length = 200_000 }, CancellationToken.None);
        var bytes = TestBytes.Make(6, 200_000);

        var last = await _api.AppendAsync(upload.Id, 0, bytes);

        var result = Assert.IsType<ImageResult>(last.Session!.Result);
        var waiting = (await _api.Get<ImageUploads>().FindWaitingAsync(result.Upload, CancellationToken.None))!;
        Assert.Equal(5, waiting.Wishes.MaxWidth);
        Assert.Equal(bytes, await _api.ReadAsync((await _store.Catalog.FindHeldAsync(waiting.File, CancellationToken.None))!));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM jobs WHERE kind = 'image-ingest'"));
    }

    [Fact]
    public async Task Concatenate_CompletedParts_IsOneFileOfTheirChunksAndFoundAgain()
    {
        var (one, two) = (await PartAsync("abc"), await PartAsync("defg"));

        var first = await ConcatenateAsync(one, two);
        await _api.RunJobsAsync();
        var second = await ConcatenateAsync(one, two);
        var other = await ConcatenateAsync(two, one);

        Assert.Equal((ConcatenationOutcome.Created, ConcatenationOutcome.Found), (first.Outcome, second.Outcome));
        Assert.Equal(first.Session!.Id, second.Session!.Id);
        Assert.Equal(ConcatenationOutcome.PartTaken, other.Outcome);
        Assert.Equal("abcdefg"u8.ToArray(), await _api.ReadFileAsync(second.Session));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files"));
        Assert.Equal(7, (await _api.FindAsync(one.Id)).Offset + (await _api.FindAsync(two.Id)).Offset);
    }

    [Fact]
    public async Task Concatenate_TwiceAtOnce_CopiesTheSharedParts()
    {
        var (one, two) = (await PartAsync("abc"), await PartAsync("defg"));

        var first = await ConcatenateAsync(one, two);
        var second = await ConcatenateAsync(two, one);
        Assert.Equal((ConcatenationOutcome.Created, ConcatenationOutcome.Created), (first.Outcome, second.Outcome));
        await _api.RunJobsAsync();

        Assert.Equal("abcdefg"u8.ToArray(), await _api.ReadFileAsync(await _api.FindAsync(first.Session!.Id)));
        Assert.Equal("defgabc"u8.ToArray(), await _api.ReadFileAsync(await _api.FindAsync(second.Session!.Id)));
        Assert.Equal(2, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task Concatenate_PartsThatCannotBeUsed_IsRefused()
    {
        var open = await _api.CreateAsync(3, upload => upload with { IsPartial = true });
        var whole = await _api.CreateAsync(0);

        Assert.Equal(ConcatenationOutcome.PartIncomplete, (await ConcatenateAsync(open)).Outcome);
        Assert.Equal(ConcatenationOutcome.PartNotFound, (await ConcatenateAsync(whole)).Outcome);
    }

    [Fact]
    public async Task Complete_ManySmallPieces_AreWrittenAgain()
    {
        await using var api = await UploadProcess.StartAsync(_cluster, postgres.Database, ("SmallPieceBytes", "1000"));
        var bytes = TestBytes.Make(7, 70);
        var upload = await api.CreateAsync(70);
        for (var i = 0; i < 70; i++)
        {
            await api.AppendAsync(upload.Id, i, bytes.AsMemory(i, 1));
        }

        Assert.Equal(1, await api.RunJobsAsync());

        Assert.Equal(bytes, await api.ReadFileAsync(await api.FindAsync(upload.Id)));
        Assert.Equal(1, await _store.CountAsync(
            "SELECT count(*) FROM chunks c JOIN files f USING (file_id) WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task Quota_OfTheOwner_CountsTheLengthFromTheBeginning()
    {
        var owner = new OwnerId("anna");
        await LimitAsync(owner, 10);

        var upload = await _api.CreateAsync(8, upload => upload with { Owner = owner });
        await Assert.ThrowsAsync<QuotaExceededException>(() => _api.CreateAsync(3, upload => upload with { Owner = owner }));
        Assert.Equal(8, await UsedAsync());
        await _api.AppendAsync(upload.Id, 0, new byte[8]);
        Assert.Equal(8, await UsedAsync());

        var other = await _api.CreateAsync(null, upload => upload with { Owner = owner });
        await _api.AppendAsync(other.Id, 0, new byte[2]);
        await Assert.ThrowsAsync<QuotaExceededException>(() => _api.AppendAsync(other.Id, 2, new byte[1]));
        Assert.Equal(10, await UsedAsync());
        await _api.Sessions.CancelAsync(other.Id, CancellationToken.None);
        Assert.Equal(8, await UsedAsync());
        Assert.Equal(8, await _store.CountAsync("SELECT bytes FROM usage_of(NULL, 'anna')"));
    }

    [Fact]
    public async Task Expire_UploadsOfAllStates_ReleasesTheirBytesAndKeepsTheirResults()
    {
        await using var api = await UploadProcess.StartAsync(
            _cluster, postgres.Database, ("Lifetime", "00:00:01"), ("FinishedKeptFor", "00:00:01"));
        var done = await api.AppendAsync((await api.CreateAsync(3)).Id, 0, "abc"u8.ToArray());
        await api.AppendAsync((await api.CreateAsync(5)).Id, 0, "abc"u8.ToArray());

        await Until.TrueAsync("both are expired", async () =>
        {
            await api.Completer.ExpireAsync(10, CancellationToken.None);
            return await _store.CountAsync("SELECT count(*) FROM uploads") == 0;
        });

        Assert.Equal("abc"u8.ToArray(), await api.ReadFileAsync(done.Session!));
        Assert.Equal(1, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Null(await api.Sessions.FindAsync(done.Session!.Id, CancellationToken.None));
    }

    [Fact]
    public async Task List_UploadsUnderWay_PageByPageTheNewestFirst()
    {
        var anna = new OwnerId("anna");
        var ids = new List<UploadSessionId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await _api.CreateAsync(10, upload => upload with { Owner = i == 2 ? null : anna })).Id);
        }

        await _api.CreateAsync(0);

        var first = await _api.Sessions.ListAsync(owner: null, after: null, 3, CancellationToken.None);
        var second = await _api.Sessions.ListAsync(owner: null, UploadCursor.After(first[^1]), 3, CancellationToken.None);
        var annas = await _api.Sessions.ListAsync(anna, after: null, 10, CancellationToken.None);

        Assert.Equal(ids, [.. first.Select(upload => upload.Id), .. second.Select(upload => upload.Id)]);
        Assert.Equal(ids.Where((_, index) => index != 2), annas.Select(upload => upload.Id));
    }

    private Task<UploadSession> CreateObjectAsync(long length, ObjectConditions? conditions = null) => _api.Sessions.CreateAsync(
        new NewUploadSession(
            new ObjectTarget(_bucket, "a/b", s_attributes) { Conditions = conditions ?? ObjectConditions.None }, "key")
        { Length = length },
        CancellationToken.None);

    private async Task<UploadSession> PartAsync(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var part = await _api.CreateAsync(bytes.Length, upload => upload with { IsPartial = true });
        return (await _api.AppendAsync(part.Id, 0, bytes)).Session!;
    }

    private Task<ConcatenationResult> ConcatenateAsync(params UploadSession[] parts) => _api.Sessions.ConcatenateAsync(
        new NewUploadSession(new FileTarget("all", "a/b"), "key"), [.. parts.Select(part => part.Id)], CancellationToken.None);

    private async Task<byte[]> ReadAsync(LocatedObject located)
    {
        using var bytes = new MemoryStream();
        var reader = new ObjectReader(_api.Get<ContentReader>());
        await using var range = await reader.OpenAsync(located, 0, located.Version.Size, CancellationToken.None);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, CancellationToken.None);
        await writer.CompleteAsync();
        return bytes.ToArray();
    }

    private async Task LimitAsync(OwnerId owner, long bytes)
    {
        await postgres.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ($1, $1)", owner.Value);
        await postgres.ExecuteAsync("SELECT set_quota(gen_random_uuid(), NULL, $1, $2, NULL)", owner.Value, bytes);
        await postgres.ExecuteAsync("UPDATE quotas SET is_counting = false");
    }

    private Task<long> UsedAsync() => postgres.ScalarAsync<long>("SELECT used_bytes FROM quotas");
}
