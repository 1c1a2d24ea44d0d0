using System.Net;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>Signed requests over real connections, in every form that a body can have.</summary>
public sealed class SignedRequestTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Awkward = "a//../b +%41&=?#ä\u00a0'()*~";

    private static readonly byte[] s_object = RandomNumberGenerator.GetBytes(100_000);

    [Theory]
    [InlineData("UNSIGNED-PAYLOAD")]
    [InlineData("hash")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    public async Task An_object_put_in_any_form_comes_back_by_a_presigned_URL(string payload)
    {
        await using var host = await SignedHost.StartAsync(postgres);

        using var put = await host.PutAsync(payload, SignedHost.Path(Awkward), s_object);
        using var get = await host.SendAsync(
            host.Client.Presign("GET", SignedHost.Path(Awkward), [("response-content-type", "a/b")], [], "60"));

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
        await using var host = await SignedHost.StartAsync(postgres);

        using var put = await host.PutAsync(payload, SignedHost.Path("k"), s_object, body =>
        {
            body[50_000] ^= 1;
            return body;
        });

        await put.AssertErrorAsync(status, code);
        await host.S3.AssertNothingKeptAsync();
    }

    [Theory]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    public async Task A_chunked_body_that_ends_early_is_refused_and_nothing_is_kept(string payload)
    {
        await using var host = await SignedHost.StartAsync(postgres);

        using var inData = await host.PutAsync(payload, SignedHost.Path("k"), s_object, body => body[..90_000]);
        using var inTheEnd = await host.PutAsync(payload, SignedHost.Path("k"), s_object, body => body[..^8]);

        await inData.AssertErrorAsync(400, "IncompleteBody");
        await inTheEnd.AssertErrorAsync(400, "IncompleteBody");
        await host.S3.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_presigned_URL_is_good_for_its_method_and_its_key_alone()
    {
        await using var host = await SignedHost.StartAsync(postgres);
        using var put = await host.PutAsync("UNSIGNED-PAYLOAD", SignedHost.Path("k"), s_object);
        var url = host.Client.Presign("GET", SignedHost.Path("k"), [], [], "60");

        using var delete = await host.SendAsync(url with { Method = "DELETE" });
        using var other = await host.SendAsync(url with { RawPath = SignedHost.Path("l") });
        var longerQuery = url.RawQuery.Replace("X-Amz-Expires=60", "X-Amz-Expires=600", StringComparison.Ordinal);
        using var longer = await host.SendAsync(url with { RawQuery = longerQuery });
        using var good = await host.SendAsync(url);

        await delete.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await other.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await longer.AssertErrorAsync(403, "SignatureDoesNotMatch");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task Chunks_are_for_uploads_only()
    {
        await using var host = await SignedHost.StartAsync(postgres);

        using var answer = await host.SendAsync(
            host.Client.Sign("GET", SignedHost.Path("k"), [], [], "STREAMING-UNSIGNED-PAYLOAD-TRAILER"));

        await answer.AssertErrorAsync(400, "InvalidRequest");
    }

    [Fact]
    public async Task Metadata_beyond_ASCII_is_signed_as_the_bytes_that_were_sent()
    {
        await using var host = await SignedHost.StartAsync(postgres);
        var signed = host.Client.Sign("PUT", SignedHost.Path("k"), [], [("x-amz-meta-a", "grün")]);

        using var put = await host.SendAsync(signed, s_object);
        using var get = await host.SendAsync(host.Client.Sign("GET", SignedHost.Path("k"), [], []));

        Assert.True(put.StatusCode == HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        Assert.Equal("grün", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(get.Header("x-amz-meta-a")!)));
    }
}
