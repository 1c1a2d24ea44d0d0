using System.Security.Cryptography;
using MediaAspire.Tests.Cluster;

namespace MediaAspire.Tests.Api.S3.Objects;

[Collection(PostgresTests.Name)]
public sealed class PutObjectTests(PostgresFixture postgres) : IAsyncLifetime
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(5_000_001)]
    public async Task An_object_comes_back_as_it_was_put(int size)
    {
        var body = RandomNumberGenerator.GetBytes(size);

        using var put = await _host.PutAsync("/first/a", body);
        using var got = await _host.GetAsync("/first/a");

        await put.AssertStatusAsync(200);
        await got.AssertStatusAsync(200);
        Assert.Equal(body, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(ETagOf(body), put.Header("ETag"));
        Assert.Equal(ETagOf(body), got.Header("ETag"));
        Assert.Equal($"{size}", got.Header("Content-Length"));
        Assert.Equal("binary/octet-stream", got.Header("Content-Type"));
        Assert.Equal("bytes", got.Header("Accept-Ranges"));
        Assert.Null(put.Header("x-amz-version-id"));
        Assert.Null(got.Header("x-amz-version-id"));
        Assert.NotNull(put.Header("x-amz-checksum-crc64nvme"));
        Assert.Null(got.Header("x-amz-checksum-crc64nvme"));
    }

    [Theory]
    [InlineData("a//b")]
    [InlineData("../x")]
    [InlineData("a/./b/../../c")]
    [InlineData("folder/")]
    [InlineData("/")]
    [InlineData("%20%25%2B+&=%3F")]
    [InlineData("%E2%82%AC/%F0%9F%98%80")]
    [InlineData("%01%7F")]
    public async Task Keys_are_never_tidied(string key)
    {
        using var put = await _host.PutAsync($"/first/{key}", [1, 2, 3]);
        using var got = await _host.GetAsync($"/first/{key}");

        await put.AssertStatusAsync(200);
        Assert.Equal([1, 2, 3], await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        using var other = await _host.GetAsync("/first/c");
        await other.AssertErrorAsync(404, "NoSuchKey");
    }

    private static string ETagOf(byte[] body) => $"\"{Convert.ToHexStringLower(Md5Of(body))}\"";

#pragma warning disable CA5351 // S3's entity tag is an MD5.
    private static byte[] Md5Of(byte[] body) => MD5.HashData(body);
#pragma warning restore CA5351
}
