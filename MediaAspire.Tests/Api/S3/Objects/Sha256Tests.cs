using System.Security.Cryptography;
using MediaAspire.Tests.Api.S3.Multipart;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

/// <summary>The SHA-256 of bodies of several chunks: the requests that compute it and the checks that depend on it.</summary>
public sealed class Sha256Tests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Header = "x-amz-checksum-sha256";

    private static readonly byte[] s_body = Bodies.Random(900_000);

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres, settings: new Dictionary<string, string?> { ["S3:MinPartSize"] = "1" });
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Without_anybody_asking_it_is_not_computed_and_the_object_comes_back()
    {
        using var put = await _host.PutAsync("/first/a", s_body, ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));

        await put.AssertStatusAsync(200);
        Assert.Equal(1, await CountAsync("checksum IS NULL"));
        Assert.Equal(s_body, await _host.GetBytesAsync("/first/a"));
    }

    [Fact]
    public async Task One_chunk_has_it_anyway()
    {
        using var put = await _host.PutAsync("/first/a", s_body[..60_000]);

        await put.AssertStatusAsync(200);
        Assert.Equal(1, await CountAsync($@"checksum = '\x{Hex(s_body[..60_000])}'"));
    }

    [Fact]
    public async Task A_signed_body_is_compared()
    {
        using var right = await _host.PutAsync("/first/a", s_body, ("x-amz-content-sha256", Hex(s_body)));
        using var wrong = await _host.PutAsync("/first/b", s_body, ("x-amz-content-sha256", Hex(s_body[1..])));

        await right.AssertStatusAsync(200);
        await wrong.AssertErrorAsync(400, "XAmzContentSHA256Mismatch");
        Assert.Equal(1, await CountAsync("true"));
        Assert.Equal(1, await CountAsync($@"checksum = '\x{Hex(s_body)}'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checksum_is_compared_in_a_header_and_in_a_trailer(bool isTrailer)
    {
        (string, string)[] Declare(string value) =>
            isTrailer ? [("x-amz-trailer", Header), (HeaderAuthenticator.TrailerPrefix + Header, value)] : [(Header, value)];

        using var right = await _host.PutAsync("/first/a", s_body, Declare(Base64(s_body)));
        using var wrong = await _host.PutAsync("/first/b", s_body, Declare(Base64(s_body[1..])));
        using var head = await _host.HeadAsync("/first/a", ("x-amz-checksum-mode", "ENABLED"));

        await right.AssertStatusAsync(200);
        await wrong.AssertErrorAsync(400, "BadDigest");
        Assert.Equal(Base64(s_body), head.Header(Header));
        Assert.Equal(1, await CountAsync("true"));
    }

    [Fact]
    public async Task Parts_have_it_whether_they_are_sent_or_copied()
    {
        using var source = await _host.PutAsync("/first/a", s_body);
        var upload = await TestUpload.BeginAsync(_host, "/first/b", ("x-amz-checksum-algorithm", "SHA256"));

        using var sent = await upload.SendPartAsync("1", s_body);
        using var wrong = await upload.SendPartAsync("2", s_body, (Header, Base64(s_body[1..])));
        var copied = await upload.CopyAsync(2, "first/a");

        await sent.AssertStatusAsync(200);
        Assert.Equal(Base64(s_body), sent.Header(Header));
        await wrong.AssertErrorAsync(400, "BadDigest");
        Assert.Equal(Base64(s_body), copied.Text("ChecksumSHA256"));
    }

    [Fact]
    public async Task A_copy_that_asks_for_it_has_it_of_an_object_without()
    {
        using var source = await _host.PutAsync("/first/a", s_body);

        using var copy = await _host.PutAsync("/first/b", [], ("x-amz-copy-source", "first/a"), ("x-amz-checksum-algorithm", "SHA256"));

        await copy.AssertStatusAsync(200);
        Assert.Equal(Base64(s_body), (await copy.XmlAsync()).Text("ChecksumSHA256"));
    }

    private Task<long> CountAsync(string condition) => _host.Files.CountAsync($"SELECT count(*) FROM files WHERE {condition}");

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Base64(byte[] bytes) => Convert.ToBase64String(SHA256.HashData(bytes));
}
