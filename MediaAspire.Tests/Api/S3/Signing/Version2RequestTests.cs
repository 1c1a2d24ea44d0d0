using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>URLs that are presigned with version 2, over real connections.</summary>
public sealed class Version2RequestTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Policy = """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::signed/*", "Condition": {"StringEquals": {"s3:signatureversion": "AWS"}}}]}
        """;

    private static readonly byte[] s_body = "hello"u8.ToArray();

    private static long Soon => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 60;

    [Fact]
    public async Task An_object_put_by_a_URL_has_the_headers_in_its_query()
    {
        await using var host = await SignedHost.StartAsync(postgres);

        using var put = await host.SendAsync(
            Version2Client.Presign(
                "PUT", SignedHost.Path("a b+ü"), Soon, headers: [("content-type", "text/plain"), ("x-amz-meta-a", "1 & 2")]),
            s_body);
        using var wrong = await host.SendAsync(
            Version2Client.Presign("PUT", SignedHost.Path("other"), Soon, headers: [("content-md5", "XUFAKrxLKna5cZ2REBfFkg==")]),
            "other"u8.ToArray());
        using var get = await host.SendAsync(
            Version2Client.Presign(
                "GET", SignedHost.Path("a b+ü"), Soon, "response-content-language=de%2Cen", "response-content-language=de,en"));

        await put.AssertStatusAsync(200);
        await wrong.AssertErrorAsync(400, "BadDigest");
        Assert.Equal(s_body, await get.Content.ReadAsByteArrayAsync());
        Assert.Equal(("text/plain", "1 & 2", "de,en"),
            (get.Header("Content-Type"), get.Header("x-amz-meta-a"),
                get.Header("Content-Language")?.Replace(" ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_copy_may_be_presigned_and_not_be_added_to_a_URL()
    {
        await using var host = await SignedHost.StartAsync(postgres);
        using var put = await host.SendAsync(Version2Client.Presign("PUT", SignedHost.Path("k"), Soon), s_body);
        await put.AssertStatusAsync(200);
        var plain = Version2Client.Presign("PUT", SignedHost.Path("m"), Soon);

        using var copy = await host.SendAsync(
            Version2Client.Presign("PUT", SignedHost.Path("l"), Soon, headers: [("x-amz-copy-source", "/signed/k")]));
        using var added = await host.SendAsync(plain with { RawQuery = plain.RawQuery + "&x-amz-copy-source=%2Fsigned%2Fk" });
        using var get = await host.GetAsync("l");

        await copy.AssertStatusAsync(200);
        await added.AssertErrorAsync(403, "SignatureDoesNotMatch");
        Assert.Equal(s_body, await get.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_policy_may_deny_the_version()
    {
        await using var host = await SignedHost.StartAsync(postgres);
        using var put = await host.SendAsync(Version2Client.Presign("PUT", SignedHost.Path("k"), Soon), s_body);
        using var policy = await host.SendAsync(
            host.Client.Sign("PUT", "/" + SignedHost.Bucket, [("policy", "")], []), Encoding.UTF8.GetBytes(Policy));
        await policy.AssertStatusAsync(204);

        using var version2 = await host.SendAsync(Version2Client.Presign("GET", SignedHost.Path("k"), Soon));
        using var version4 = await host.SendAsync(host.Client.Presign("GET", SignedHost.Path("k"), [], [], "60"));

        await version2.AssertErrorAsync(403, "AccessDenied");
        await version4.AssertStatusAsync(200);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var host = await SignedHost.StartAsync(postgres, new Dictionary<string, string?> { ["S3:SignatureV2"] = "off" });

        using var put = await host.SendAsync(Version2Client.Presign("PUT", SignedHost.Path("k"), Soon), s_body);

        await put.AssertErrorAsync(400, "InvalidRequest");
        await host.S3.AssertNothingKeptAsync();
    }
}
