using System.Net;
using System.Security.Cryptography;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.ObjectStore;

/// <summary>Tests of the calls that the media catalog makes, against the product's own S3 API.</summary>
public sealed class ObjectStoreClientTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Key = "media/a b/1";
    private const int PartSize = 5 << 20;

    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly HttpClient s_http = new();

    private readonly byte[] _content = RandomNumberGenerator.GetBytes(100_000);
    private TestObjectStore _host = null!;

    private ObjectStoreClient Store => _host.Store;

    [Fact]
    public async Task Bytes_are_read_whole_in_ranges_and_not_after_the_end()
    {
        await Store.PutAsync(Key, _content, "a/b", s_none);

        Assert.Equal(_content, await ReadAsync(range: null));
        Assert.Equal(_content[10..30], await ReadAsync(new ObjectRange(10, 20)));
        Assert.Equal(_content[99_990..], await ReadAsync(new ObjectRange(99_990, 1000)));
        Assert.Empty(await ReadAsync(new ObjectRange(100_000, 1)));
        Assert.Null(await Store.OpenReadAsync("media/nothing", null, s_none));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.OpenReadAsync(Key, new ObjectRange(0, 0), s_none));
    }

    [Fact]
    public async Task Objects_are_listed_by_prefix_page_by_page()
    {
        foreach (var key in new[] { "media/a", "media/b", "media/c", "mediaz", "a" })
        {
            await Store.PutAsync(key, new byte[] { 1, 2 }, "a/b", s_none);
        }

        var first = await Store.ListAsync("media/", after: null, limit: 2, s_none);
        var second = await Store.ListAsync("media/", first.Objects[^1].Key, limit: 2, s_none);

        Assert.Equal(["media/a", "media/b"], first.Objects.Select(listed => listed.Key));
        Assert.Equal(["media/c"], second.Objects.Select(listed => listed.Key));
        Assert.Equal((false, true, 2L), (first.IsLast, second.IsLast, first.Objects[0].Length));
        Assert.InRange(
            first.Objects[0].LastModified, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public async Task A_copy_is_made_only_of_the_object_that_was_described()
    {
        await Store.PutAsync(Key, _content, "a/b", s_none);
        var etag = (await Store.HeadAsync(Key, s_none))!.ETag;

        Assert.Equal(CopyOutcome.Copied, await Store.CopyAsync(Key, "media/copy", etag, s_none));
        await Store.PutAsync(Key, new byte[] { 1 }, "a/b", s_none);
        Assert.Equal(CopyOutcome.Changed, await Store.CopyAsync(Key, "media/other", etag, s_none));

        Assert.Null(await Store.HeadAsync("media/other", s_none));
        Assert.Equal(_content, await ReadAsync(range: null, "media/copy"));
    }

    [Fact]
    public async Task A_large_object_is_uploaded_in_parts_by_their_addresses()
    {
        var parts = new[] { RandomNumberGenerator.GetBytes(PartSize), RandomNumberGenerator.GetBytes(1000) };
        var upload = await Store.BeginMultipartAsync(Key, "video/mp4", s_none);
        Assert.Empty((await Store.ListPartsAsync(Key, upload, s_none))!);
        Assert.Equal(upload, Assert.Single(await Store.ListMultipartAsync("media/", null, 10, s_none)).UploadId);

        for (var number = 1; number <= parts.Length; number++)
        {
            using var answer = await SendAsync(Store.PresignPart(Key, upload, number, parts[number - 1].Length), parts[number - 1]);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var longer = await SendAsync(Store.PresignPart(Key, upload, 3, 10), new byte[11]);
        Assert.Equal(HttpStatusCode.Forbidden, longer.StatusCode);
        var uploaded = await Store.ListPartsAsync(Key, upload, s_none);
        Assert.Equal([(1, (long)PartSize), (2, 1000L)], uploaded!.Select(part => (part.Number, part.Length)));

        Assert.True(await Store.CompleteMultipartAsync(Key, upload, uploaded!, s_none));
        Assert.Null(await Store.ListPartsAsync(Key, upload, s_none));
        var described = await Store.HeadAsync(Key, s_none);
        Assert.Equal((PartSize + 1000, "video/mp4", false), (described!.Length, described.ContentType, described.Sha256.HasValue));
        Assert.Equal(parts.SelectMany(part => part), await ReadAsync(range: null));
        using var late = await SendAsync(Store.PresignPart(Key, upload, 1, 3), [1, 2, 3]);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task An_aborted_upload_in_parts_is_gone()
    {
        var upload = await Store.BeginMultipartAsync(Key, "a/b", s_none);

        await Store.AbortMultipartAsync(Key, upload, s_none);
        await Store.AbortMultipartAsync(Key, upload, s_none);

        Assert.Null(await Store.ListPartsAsync(Key, upload, s_none));
        Assert.Empty(await Store.ListMultipartAsync("media/", null, 10, s_none));
        Assert.False(await Store.CompleteMultipartAsync(Key, upload, [new UploadedPart(1, 1, "00000000000000000000000000000000")], s_none));
    }

    [Fact]
    public async Task A_public_object_is_read_by_anyone_until_it_is_private_again()
    {
        await Store.PutAsync(Key, _content, "a/b", s_none);

        Assert.Equal(AccessOutcome.Changed, await Store.SetPublicAsync(Key, isPublic: true, s_none));
        Assert.Equal(_content, await s_http.GetByteArrayAsync(Store.PublicAddressOf(Key)));
        Assert.Equal(AccessOutcome.Changed, await Store.SetPublicAsync(Key, isPublic: false, s_none));
        using var anonymous = await s_http.GetAsync(Store.PublicAddressOf(Key));
        Assert.Equal(HttpStatusCode.Forbidden, anonymous.StatusCode);
        Assert.Equal(AccessOutcome.Missing, await Store.SetPublicAsync("media/nothing", isPublic: true, s_none));
    }

    [Fact]
    public async Task A_bucket_without_access_control_lists_says_so()
    {
        await Store.PutAsync(Key, _content, "a/b", s_none);
        var bucket = await _host.S3.Buckets.FindAsync("media", s_none);
        await _host.S3.Buckets.SetDocumentAsync(bucket!.Id, BucketDocument.Ownership, "BucketOwnerEnforced", s_none);

        Assert.Equal(AccessOutcome.Unsupported, await Store.SetPublicAsync(Key, isPublic: true, s_none));
    }

    [Fact]
    public async Task An_address_does_not_work_after_its_expiry_nor_for_another_key_or_length()
    {
        var declared = new DeclaredObject(3, SHA256.HashData([1, 2, 3]), "a/b");
        using var earlier = TestObjectStore.Client(_host.ConnectionString(), new ShiftedTime(TimeSpan.FromMinutes(-2)));
        var expired = earlier.PresignPut(Key, declared, TimeSpan.FromMinutes(1));
        var valid = Store.PresignPut(Key, declared, TimeSpan.FromMinutes(1));

        using var late = await SendAsync(expired, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Contains("Request has expired", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await SendAsync(
            valid with { Url = new Uri(valid.Url.AbsoluteUri.Replace("/1?", "/2?", StringComparison.Ordinal)) }, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        using var longer = await SendAsync(valid, [1, 2, 3, 4]);
        Assert.Equal(HttpStatusCode.Forbidden, longer.StatusCode);
        using var withoutHeaders = await SendAsync(valid with { Headers = new Dictionary<string, string>() }, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.Forbidden, withoutHeaders.StatusCode);
        Assert.Empty((await Store.ListAsync("media/", null, 10, s_none)).Objects);

        using var right = await SendAsync(valid, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_or_refuses_is_a_fault_of_the_store()
    {
        using var nobody = TestObjectStore.Client("Endpoint=http://127.0.0.1:9;AccessKey=a;SecretKey=b;Bucket=c");
        using var stranger = TestObjectStore.Client(_host.ConnectionString("another-secret"));

        Assert.Null((await Assert.ThrowsAsync<ObjectStoreException>(() => nobody.HeadAsync(Key, s_none))).Code);
        await Assert.ThrowsAsync<ObjectStoreException>(() => nobody.ListAsync("media/", null, 1, s_none));
        await Assert.ThrowsAsync<ObjectStoreException>(() => stranger.DeleteAsync(Key, s_none));
        Assert.Equal(
            "SignatureDoesNotMatch",
            (await Assert.ThrowsAsync<ObjectStoreException>(() => stranger.ListAsync("media/", null, 1, s_none))).Code);
    }

    public async Task InitializeAsync() => _host = await TestObjectStore.StartAsync(postgres);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    // Without the length of the address: the client sends that of the body.
    private static Task<HttpResponseMessage> SendAsync(PresignedRequest address, byte[] content)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, address.Url) { Content = new ByteArrayContent(content) };
        foreach (var (name, value) in address.Headers.Where(header => header.Key != "Content-Length"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return s_http.SendAsync(request);
    }

    private async Task<byte[]> ReadAsync(ObjectRange? range, string key = Key)
    {
        await using var stream = await Store.OpenReadAsync(key, range, s_none);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private sealed class ShiftedTime(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
    }
}
