using System.Text;
using MediaAspire.Core.Checksums;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

public sealed class ChecksumTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_body = Bodies.Random(1_234_567);

    private S3TestHost _host = null!;

    public static TheoryData<ChecksumAlgorithm> Algorithms => [.. ChecksumNames.All];

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_checksum_is_verified_kept_and_told_when_asked_for(ChecksumAlgorithm algorithm)
    {
        var value = ValueOf(algorithm, s_body);
        using var put = await _host.PutAsync(
            "/first/a",
            s_body,
            (algorithm.HeaderName, value),
            ("x-amz-sdk-checksum-algorithm", algorithm.WireName),
            ("Content-MD5", Bodies.ContentMd5Of(s_body)));
        using var unasked = await _host.HeadAsync("/first/a");
        using var head = await _host.HeadAsync("/first/a", ("x-amz-checksum-mode", "ENABLED"));
        using var get = await _host.GetAsync("/first/a", ("x-amz-checksum-mode", "enabled"));
        using var range = await _host.GetAsync("/first/a", ("x-amz-checksum-mode", "ENABLED"), ("Range", "bytes=1-2"));

        await put.AssertStatusAsync(200);
        foreach (var answer in new[] { put, head, get })
        {
            Assert.Equal(value, answer.Header(algorithm.HeaderName));
            Assert.Equal("FULL_OBJECT", answer.Header("x-amz-checksum-type"));
        }

        Assert.Null(unasked.Header(algorithm.HeaderName));
        Assert.Null(range.Header(algorithm.HeaderName));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_checksum_may_come_after_the_body(ChecksumAlgorithm algorithm)
    {
        var value = ValueOf(algorithm, s_body);

        using var put = await _host.PutAsync(
            "/first/a", s_body, ("x-amz-trailer", algorithm.HeaderName), (HeaderAuthenticator.TrailerPrefix + algorithm.HeaderName, value));

        await put.AssertStatusAsync(200);
        Assert.Equal(value, put.Header(algorithm.HeaderName));
    }

    [Fact]
    public async Task Attributes_tell_what_is_known_of_an_object()
    {
        using var put = await _host.PutAsync("/first/a", Encoding.ASCII.GetBytes("hello"), ("x-amz-checksum-crc32", "NhCmhg=="));

        using var answer = await _host.GetAsync(
            "/first/a?attributes", ("x-amz-object-attributes", "ETag,Checksum,ObjectParts, StorageClass,ObjectSize"));
        using var some = await _host.GetAsync("/first/a?attributes", ("x-amz-object-attributes", "ObjectSize"));
        using var wrong = await _host.GetAsync("/first/a?attributes", ("x-amz-object-attributes", "Weight"));
        using var none = await _host.GetAsync("/first/a?attributes");
        using var missing = await _host.GetAsync("/first/b?attributes", ("x-amz-object-attributes", "ObjectSize"));

        await answer.AssertStatusAsync(200);
        Assert.Equal(
            "ETag=5d41402abc4b2a76b9719d911017c592;ChecksumCRC32=NhCmhg==;ChecksumType=FULL_OBJECT;StorageClass=STANDARD;ObjectSize=5",
            await LeavesAsync(answer));
        Assert.NotNull(answer.Header("Last-Modified"));
        Assert.Equal("ObjectSize=5", await LeavesAsync(some));
        await wrong.AssertErrorAsync(400, "InvalidArgument");
        await none.AssertErrorAsync(400, "InvalidArgument");
        await missing.AssertErrorAsync(404, "NoSuchKey");
    }

    private static async Task<string> LeavesAsync(HttpResponseMessage answer)
    {
        var leaves = (await answer.XmlAsync()).Descendants().Where(element => !element.HasElements);
        return string.Join(';', leaves.Select(element => $"{element.Name.LocalName}={element.Value}"));
    }

    private static string ValueOf(ChecksumAlgorithm algorithm, byte[] body)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        digest.Append(body);
        return digest.GetChecksum().ToString();
    }
}
