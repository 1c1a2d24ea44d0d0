using System.Net;
using System.Security.Cryptography;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.ObjectStore;

/// <summary>Tests of the client against the product's own S3 API, with signatures.</summary>
public sealed class ObjectStoreTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Key = "folder/a b+ü&=?#.bin";

    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly HttpClient s_http = new();

    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);
    private TestObjectStore _host = null!;

    private ObjectStoreClient Store => _host.Store;

    [Fact]
    public async Task An_object_uploaded_to_a_presigned_address_is_described_downloaded_and_deleted()
    {
        using var put = await PutAsync(Store.PresignPut(Key, Declared()), _content);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        var described = await Store.HeadAsync(Key, s_none);
        Assert.Equal(_content.Length, described!.Length);
        Assert.Equal("application/x-test", described.ContentType);
        Assert.Equal(SHA256.HashData(_content), described.Sha256!.Value.ToArray());
        Assert.Matches("^[0-9a-f]{32}$", described.ETag);

        var get = Store.PresignGet(Key, TimeSpan.FromMinutes(1), "attachment; filename=\"a.bin\"");
        using var answer = await s_http.GetAsync(get.Url);
        Assert.Equal(_content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment; filename=\"a.bin\"", answer.Content.Headers.GetValues("Content-Disposition").Single());

        await Store.DeleteAsync(Key, s_none);
        await Store.DeleteAsync(Key, s_none);
        Assert.Null(await Store.HeadAsync(Key, s_none));
        using var gone = await s_http.GetAsync(get.Url);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_copy_is_what_its_source_was_and_takes_the_place_of_what_was_there()
    {
        const string Copy = "copies/a b+ü&=?#.bin";
        using var put = await PutAsync(Store.PresignPut(Key, Declared()), _content);
        using var old = await PutAsync(Store.PresignPut(Copy, new DeclaredObject(1, SHA256.HashData([7]), "old/type")), [7]);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (put.StatusCode, old.StatusCode));

        Assert.Equal(CopyOutcome.Copied, await Store.CopyAsync(Key, Copy, etag: null, s_none));
        Assert.Equal(CopyOutcome.Missing, await Store.CopyAsync("nothing", Copy, etag: null, s_none));
        await Store.DeleteAsync(Key, s_none);

        var described = await Store.HeadAsync(Copy, s_none);
        Assert.Equal((_content.Length, "application/x-test"), (described!.Length, described.ContentType));
        Assert.Equal(SHA256.HashData(_content), described.Sha256!.Value.ToArray());
        using var got = await s_http.GetAsync(Store.PresignGet(Copy).Url);
        Assert.Equal(_content, await got.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_copy_that_theStore_refuses_is_a_fault_and_not_a_missing_object()
    {
        using var stranger = TestObjectStore.Client(_host.ConnectionString("another-secret"));

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => stranger.CopyAsync(Key, "b", etag: null, s_none));

        Assert.Equal("SignatureDoesNotMatch", fault.Code);
    }

    [Fact]
    public async Task Other_bytes_another_length_or_another_type_than_signed_are_refused_and_nothing_is_kept()
    {
        var address = Store.PresignPut(Key, Declared());

        var changed = _content.ToArray();
        changed[^1] ^= 1;
        await AssertRefusedAsync(address, changed, HttpStatusCode.BadRequest);
        await AssertRefusedAsync(
            address with { Headers = With(address, "Content-Length", "299999") }, _content[..^1], HttpStatusCode.Forbidden);
        await AssertRefusedAsync(address with { Headers = With(address, "Content-Type", "text/html") }, _content, HttpStatusCode.Forbidden);
        await AssertRefusedAsync(
            address with { Headers = With(address, "x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(changed))) },
            changed, HttpStatusCode.Forbidden);
        await AssertRefusedAsync(
            address with { Url = new Uri(address.Url.AbsoluteUri.Replace("folder/", "other/", StringComparison.Ordinal)) },
            _content, HttpStatusCode.Forbidden);
        using var replayed = await s_http.GetAsync(address.Url);
        Assert.Equal(HttpStatusCode.Forbidden, replayed.StatusCode);
    }

    [Fact]
    public void An_upload_needs_a_digest_and_an_address_lives_for_a_second_to_a_week()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Store.PresignPut(Key, new DeclaredObject(-1, new byte[32], "a/b")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Store.PresignPut(Key, new DeclaredObject(1, new byte[31], "a/b")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Store.PresignGet(Key, TimeSpan.FromMilliseconds(999)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Store.PresignGet(Key, TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1)));

        Assert.Contains("X-Amz-Expires=900&", Store.PresignGet(Key).Url.Query, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_are_made_for_where_clients_reach_theStore()
    {
        var options = new ObjectStoreOptions { ConnectionString = _host.ConnectionString(), PublicEndpoint = "https://s3.example.org" };
        using var store = new ObjectStoreClient(Options.Create(options), TimeProvider.System);

        var address = store.PresignGet("a/b");

        Assert.Equal("https://s3.example.org/media/a/b", address.Url.GetLeftPart(UriPartial.Path));
        Assert.Contains("X-Amz-Algorithm=AWS4-HMAC-SHA256", address.Url.Query, StringComparison.Ordinal);
        Assert.Contains("X-Amz-SignedHeaders=host", address.Url.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bucket_is_made_once_and_health_says_what_is_wrong()
    {
        using var other = TestObjectStore.Client(
            _host.ConnectionString().Replace("Bucket=media", "Bucket=another", StringComparison.Ordinal));
        Assert.False(await other.HasBucketAsync(s_none));
        Assert.Contains("Bucket 'another' does not exist yet", (await CheckAsync(other)).Description, StringComparison.Ordinal);

        await other.EnsureBucketAsync(s_none);
        await other.EnsureBucketAsync(s_none);
        Assert.True(await other.HasBucketAsync(s_none));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(other)).Status);

        using var stranger = TestObjectStore.Client(_host.ConnectionString("another-secret"));
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(stranger)).Status);
        using var nobody = TestObjectStore.Client("Endpoint=http://127.0.0.1:9;AccessKey=a;SecretKey=b;Bucket=c");
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(nobody)).Status);
    }

    public async Task InitializeAsync() => _host = await TestObjectStore.StartAsync(postgres);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static Task<HealthCheckResult> CheckAsync(ObjectStoreClient store)
    {
        var check = new ObjectStoreHealthCheck(store);
        var registration = new HealthCheckRegistration("object-store", check, HealthStatus.Degraded, tags: null);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = registration });
    }

    private static Dictionary<string, string> With(PresignedRequest request, string header, string value) =>
        new(request.Headers) { [header] = value };

    private DeclaredObject Declared() => new(_content.Length, SHA256.HashData(_content), "application/x-test");

    private static Task<HttpResponseMessage> PutAsync(PresignedRequest address, byte[] content)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, address.Url) { Content = new ByteArrayContent(content) };
        foreach (var (name, value) in address.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return s_http.SendAsync(request);
    }

    private async Task AssertRefusedAsync(PresignedRequest address, byte[] content, HttpStatusCode expected)
    {
        using var answer = await PutAsync(address, content);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Null(await Store.HeadAsync(Key, s_none));
    }
}
