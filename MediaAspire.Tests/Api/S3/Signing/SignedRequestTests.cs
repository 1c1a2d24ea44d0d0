using System.Net;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Tests.Api.S3.Payload;
using MediaAspire.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>Signed requests over real connections, in every form that a body can have.</summary>
[Collection(PostgresTests.Name)]
public sealed class SignedRequestTests(PostgresFixture postgres)
{
    private const string Awkward = "a//../b +%41&=?#ä\u00a0'()*~";

    private static readonly byte[] s_object = RandomNumberGenerator.GetBytes(100_000);

    private readonly ClientSigner _client = new(ClientSigner.KeyId, ClientSigner.Secret, SigningTime.Format(TimeProvider.System.GetUtcNow()));

    [Theory]
    [InlineData("UNSIGNED-PAYLOAD")]
    [InlineData("hash")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    public async Task An_object_put_in_any_form_comes_back_by_a_presigned_URL(string payload)
    {
        await using var host = await StartAsync();

        using var put = await PutAsync(host, payload, Awkward);
        using var get = await SendAsync(host, _client.Presign("GET", Path(Awkward), [("response-content-type", "a/b")], [], "60"));

        Assert.True(put.StatusCode == HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        Assert.Equal(s_object, await get.Content.ReadAsByteArrayAsync());
        Assert.Equal("a/b", get.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("hash", 400, "XAmzContentSHA256Mismatch")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 403, "SignatureDoesNotMatch")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", 403, "SignatureDoesNotMatch")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 400, "BadDigest")]
    public async Task A_body_changed_on_its_way_is_refused_and_nothing_is_kept(string payload, int status, string code)
    {
        await using var host = await StartAsync();

        using var put = await PutAsync(host, payload, "k", body =>
        {
            body[50_000] ^= 1;
            return body;
        });

        await put.AssertErrorAsync(status, code);
        await host.AssertNothingKeptAsync();
    }

    [Theory]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    public async Task A_chunked_body_that_ends_early_is_refused_and_nothing_is_kept(string payload)
    {
        await using var host = await StartAsync();

        using var inData = await PutAsync(host, payload, "k", body => body[..90_000]);
        using var inTheEnd = await PutAsync(host, payload, "k", body => body[..^8]);

        await inData.AssertErrorAsync(400, "IncompleteBody");
        await inTheEnd.AssertErrorAsync(400, "IncompleteBody");
        await host.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_presigned_URL_is_good_for_its_method_and_its_key_alone()
    {
        await using var host = await StartAsync();
        using var put = await PutAsync(host, "UNSIGNED-PAYLOAD", "k");
        var url = _client.Presign("GET", Path("k"), [], [], "60");

        using var delete = await SendAsync(host, url with { Method = "DELETE" });
        using var other = await SendAsync(host, url with { RawPath = Path("l") });
        using var longer = await SendAsync(host, url with { RawQuery = url.RawQuery.Replace("X-Amz-Expires=60", "X-Amz-Expires=600", StringComparison.Ordinal) });
        using var good = await SendAsync(host, url);

        await delete.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await other.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await longer.AssertErrorAsync(403, "SignatureDoesNotMatch");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task Chunks_are_for_uploads_only()
    {
        await using var host = await StartAsync();

        using var answer = await SendAsync(host, _client.Sign("GET", Path("k"), [], [], "STREAMING-UNSIGNED-PAYLOAD-TRAILER"));

        await answer.AssertErrorAsync(400, "InvalidRequest");
    }

    [Fact]
    public async Task Metadata_beyond_ASCII_is_signed_as_the_bytes_that_were_sent()
    {
        await using var host = await StartAsync();
        var signed = _client.Sign("PUT", Path("k"), [], [("x-amz-meta-a", "grün")]);

        using var put = await SendAsync(host, signed, s_object);
        using var get = await SendAsync(host, _client.Sign("GET", Path("k"), [], []));

        Assert.True(put.StatusCode == HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        Assert.Equal("grün", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(get.Header("x-amz-meta-a")!)));
    }

    private static string Path(string key) => "/signed" + ClientSigner.EncodePath(key);

    private async Task<S3TestHost> StartAsync()
    {
        var host = await S3TestHost.StartAsync(postgres, services: services => services
            .AddSingleton<IAccessKeys>(new SigningHarness())
            .AddSingleton<IS3Authenticator, SigV4Authenticator>());
        await host.CreateBucketAsync("signed", "owner");
        return host;
    }

    private async Task<HttpResponseMessage> PutAsync(S3TestHost host, string payload, string key, Func<byte[], byte[]>? change = null)
    {
        var value = payload == "hash" ? Convert.ToHexStringLower(SHA256.HashData(s_object)) : payload;
        var kind = PayloadDeclaration.Parse(value);
        List<(string Name, string Value)> headers = [];
        if (kind.IsChunked)
        {
            headers.Add(("x-amz-decoded-content-length", "100000"));
        }

        if (kind.HasTrailer)
        {
            headers.Add(("x-amz-trailer", "x-amz-checksum-sha256"));
        }

        var signed = _client.Sign("PUT", Path(key), [], headers, value);
        var body = kind.IsChunked
            ? new ChunkedBody(kind.Kind, _client)
            {
                Seed = ClientSigner.SignatureOf(signed),
                Trailer = $"x-amz-checksum-sha256:{Convert.ToBase64String(SHA256.HashData(s_object))}",
            }.Encode(s_object[..65_536], s_object[65_536..])
            : [.. s_object];
        return await SendAsync(host, signed, change is null ? body : change(body));
    }

    private static async Task<HttpResponseMessage> SendAsync(S3TestHost host, RequestToVerify signed, byte[]? body = null)
    {
        var target = signed.RawQuery.Length == 0 ? signed.RawPath : $"{signed.RawPath}?{signed.RawQuery}";
        using var request = host.Request(new HttpMethod(signed.Method), target);
        foreach (var (name, values) in signed.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        request.Content = body is null ? null : new ByteArrayContent(body);
        return await host.SendAsync(request);
    }
}
