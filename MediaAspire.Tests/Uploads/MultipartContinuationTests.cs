using System.IO.Pipelines;
using System.Text;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Api.S3;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Uploads;

/// <summary>Uploads that S3's protocol begins and another one continues, and the other way round.</summary>
public sealed class MultipartContinuationTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;
    private UploadProcess _api = null!;
    private Bucket _bucket = null!;

    private MultipartCatalog Multipart => _api.Get<MultipartCatalog>();

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        await postgres.ClearAsync("uploads", "multipart_uploads", "objects", "buckets", "owners", "quotas", "jobs");
        _api = await UploadProcess.StartAsync(_cluster, postgres.Database);
        await postgres.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'alice')");
        _bucket = (await _api.Get<BucketCatalog>().TryCreateAsync(
            "films", "alice", "us-east-1", new Dictionary<BucketDocument, string>(), s_none))!;
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("CRC32C")]
    public async Task An_upload_of_S3_is_continued_at_the_end_of_the_parts_without_a_gap(string? algorithm)
    {
        var id = await BeginAsync(algorithm);
        await PutAsync(id, 2, "world");
        await PutAsync(id, 1, "hello ");
        await PutAsync(id, 4, "lost");

        var shown = await _api.FindAsync(new(id.Value));
        Assert.Equal((11L, 15L, true, (int?)3), (shown.Offset, shown.Received, shown.IsS3, shown.StoredParts));
        Assert.Equal(shown.Id, Assert.Single(await _api.Sessions.ListAsync(new("alice"), null, 10, s_none)).Id);
        Assert.Equal(11, (await _api.Sessions.SettleAsync(shown.Id, s_none))!.Offset);

        var appended = await _api.AppendAsync(shown.Id, 11, "!"u8.ToArray(), new AppendOptions { Completes = true });

        Assert.Equal((AppendOutcome.Appended, UploadSessionState.Completed), (appended.Outcome, appended.Session!.State));
        Assert.Equal("hello world!", await ReadObjectAsync());
        Assert.False(await Multipart.AbortAsync(id, s_none));
        Assert.Equal(3, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(
            algorithm is null ? 0 : 1, await _store.CountAsync("SELECT count(*) FROM objects WHERE checksum IS NOT NULL"));
    }

    [Fact]
    public async Task An_upload_of_another_protocol_is_continued_and_completed_in_parts()
    {
        var target = new ObjectTarget(_bucket.Id, "a.txt", new ObjectAttributes("alice", "text/plain"));
        var session = await _api.Sessions.CreateAsync(
            new NewUploadSession(target, "key") { Length = 100, Owner = new("alice") }, s_none);
        await _api.AppendAsync(session.Id, 0, "hello "u8.ToArray());
        var id = new UploadId(session.Id.Value);
        Assert.Null(await Multipart.FindAsync(_bucket.Id, "other", id, s_none));

        var upload = (await Multipart.FindAsync(_bucket.Id, "a.txt", id, s_none))!;

        Assert.True(upload.IsContinued);
        Assert.Equal((1, 6L), (await Multipart.ListPartsAsync(id, 0, 10, s_none)).Select(part => (part.Number, part.Size)).Single());
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM uploads"));
        await PutAsync(id, 2, "world");
        var done = await Multipart.CompleteAsync(upload, All, ObjectConditions.None, s_none);
        Assert.Equal(ObjectWriteOutcome.Written, done.Outcome);
        Assert.Equal("hello world", await ReadObjectAsync());
    }

    [Fact]
    public async Task An_upload_goes_to_and_fro_and_an_older_append_writes_no_more()
    {
        var id = await BeginAsync(null);
        await PutAsync(id, 1, "hello");
        var session = new UploadSessionId(id.Value);
        await _api.AppendAsync(session, 5, " wor"u8.ToArray());
        using var slow = new TestBody();
        var append = _api.Sessions.AppendAsync(session, 9, slow, new(), s_none);
        slow.Give("LOST"u8);
        await slow.Starved;

        Assert.NotNull(await Multipart.FindAsync(_bucket.Id, "a.txt", id, s_none));
        slow.End();
        Assert.NotEqual(AppendOutcome.Appended, (await append).Outcome);

        await _api.AppendAsync(session, 9, "ld"u8.ToArray(), new AppendOptions { Completes = true });
        Assert.Equal("hello world", await ReadObjectAsync());
    }

    [Fact]
    public async Task Quotas_count_an_upload_once_whatever_protocol_continues_it()
    {
        await postgres.ExecuteAsync("SELECT set_quota(gen_random_uuid(), NULL, 'alice', 1000, NULL)");
        await postgres.ExecuteAsync("UPDATE quotas SET is_counting = false");
        var id = await BeginAsync(null);
        await PutAsync(id, 1, "hello");
        await PutAsync(id, 3, "gap");
        Assert.Equal(8, await UsedAsync());

        await _api.Sessions.SetLengthAsync(new(id.Value), 100, s_none);
        Assert.Equal(100, await UsedAsync());
        await Multipart.FindAsync(_bucket.Id, "a.txt", id, s_none);
        Assert.Equal(5, await UsedAsync());
        Assert.Equal(CancelOutcome.Cancelled, await _api.Sessions.CancelAsync(new(id.Value), s_none));
        Assert.Equal(0, await UsedAsync());
    }

    [Fact]
    public async Task Uploads_of_S3_expire_only_where_the_settings_say_so()
    {
        var id = await BeginAsync(null);
        await PutAsync(id, 1, "hello");
        await postgres.ExecuteAsync("UPDATE multipart_uploads SET initiated_at = now() - interval '2 days'");
        Assert.Equal(0, await _api.Completer.ExpireMultipartAsync(10, s_none));

        await using var other = await UploadProcess.StartAsync(_cluster, postgres.Database, ("MultipartLifetime", "1.00:00:00"));
        Assert.Equal(0, await other.Completer.ExpireMultipartAsync(10, s_none));
        await postgres.ExecuteAsync("UPDATE multipart_parts SET modified_at = now() - interval '2 days'");
        Assert.Equal(1, await other.Completer.ExpireMultipartAsync(10, s_none));
        Assert.Equal(0, await _store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    private static CompletedParts All(IReadOnlyList<UploadedPart> parts) => new(
        [.. parts.Select((part, index) => new ObjectPart(
            part.Number, parts.Take(index).Sum(before => before.Size), part.Size, part.Checksum, part.File))],
        "etag-2",
        null);

    private Task<long> UsedAsync() => postgres.ScalarAsync<long>("SELECT used_bytes FROM quotas");

    private async Task<UploadId> BeginAsync(string? algorithm)
    {
        var attributes = new ObjectAttributes("alice", "text/plain")
        {
            Checksum = algorithm is null ? null : new(algorithm, "COMPOSITE", Value: null),
        };
        return (await Multipart.BeginAsync(_bucket.Id, "a.txt", attributes, "alice", s_none))!.Value;
    }

    private async Task PutAsync(UploadId id, int number, string text)
    {
        var stored = (await Multipart.FindAsync(_bucket.Id, "a.txt", id, s_none))!.Attributes.Checksum?.Algorithm;
        var bytes = Encoding.UTF8.GetBytes(text);
        string? checksum = null;
        if (stored is { } name && ChecksumNames.TryParseAlgorithm(name, out var parsed))
        {
            using var digest = ChecksumContentDigest.Create(parsed);
            digest.Append(bytes);
            checksum = digest.GetChecksum().ToString();
        }

        await using var file = await _api.Get<FileWriter>().BeginAsync(
            new NewFile("part", "application/octet-stream") { Holders = 1 }, s_none);
        await file.WriteAsync(new MemoryStream(bytes), long.MaxValue, s_none);
        Assert.NotNull(await MultipartCatalog.PutPartAsync(
            id, number, file, Convert.ToHexStringLower(Bodies.Md5Of(bytes)), checksum, s_none));
    }

    private async Task<string> ReadObjectAsync()
    {
        var located = (await _api.Get<ObjectCatalog>().LocateAsync(_bucket.Id, "a.txt", s_none))!;
        using var bytes = new MemoryStream();
        await using var range = await _api.Get<ObjectReader>().OpenAsync(located, 0, located.Version.Size, s_none);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, s_none);
        await writer.CompleteAsync();
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
