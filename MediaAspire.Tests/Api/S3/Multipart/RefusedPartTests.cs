using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Multipart;

/// <summary>Refused initiations and parts: nothing of them may be kept.</summary>
public sealed class RefusedPartTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_body = "hello"u8.ToArray();

    private S3TestHost _host = null!;
    private TestUpload _upload = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres, settings: new Dictionary<string, string?> { ["S3:MaxPutSize"] = "1000000" });
        await _host.CreateBucketAsync("first");
        _upload = await TestUpload.BeginAsync(_host, "/first/a");
    }

    public async Task DisposeAsync()
    {
        await _host.AssertNothingKeptAsync();
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM multipart_uploads"));
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public async Task A_number_that_no_part_can_have(string number)
    {
        using var part = await _upload.SendPartAsync(number, s_body);
        using var copy = await _host.PutAsync($"{_upload.Target}&partNumber={number}", [], ("x-amz-copy-source", "first/a"));

        await part.AssertErrorAsync(400, "InvalidArgument");
        await copy.AssertErrorAsync(400, "InvalidArgument");
    }

    [Fact]
    public async Task No_number_at_all()
    {
        using var answer = await _host.PutAsync(_upload.Target, s_body);

        await answer.AssertErrorAsync(400, "InvalidArgument");
    }

    [Theory]
    [InlineData("/first/a?partNumber=1&uploadId=")]
    [InlineData("/first/a?partNumber=1&uploadId=nothing")]
    [InlineData("/first/a?partNumber=1&uploadId=01990000000070008000000000000000")]
    public async Task An_upload_that_is_not_there(string target)
    {
        using var part = await _host.PutAsync(target, s_body);
        target = target.Replace("partNumber=1&", "", StringComparison.Ordinal);
        using var list = await _host.GetAsync(target);
        using var abort = await _host.DeleteAsync(target);

        await part.AssertErrorAsync(404, "NoSuchUpload");
        await list.AssertErrorAsync(404, "NoSuchUpload");
        await abort.AssertErrorAsync(404, "NoSuchUpload");
    }

    [Fact]
    public async Task An_upload_of_another_key()
    {
        using var answer = await _host.PutAsync($"/first/b?partNumber=1&uploadId={_upload.Id}", s_body);

        await answer.AssertErrorAsync(404, "NoSuchUpload");
    }

    [Theory]
    [InlineData("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==", 400, "BadDigest")]
    [InlineData("Content-MD5", "rubbish", 400, "InvalidDigest")]
    [InlineData(
        "x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 400, "XAmzContentSHA256Mismatch")]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==", 400, "BadDigest")]
    [InlineData("x-amz-checksum-crc32", "dummy", 400, "InvalidRequest")]
    [InlineData("x-amz-trailer", "x-amz-checksum-crc32", 400, "MalformedTrailerError")]
    [InlineData("x-amz-server-side-encryption-customer-algorithm", "AES256", 501, "NotImplemented")]
    public async Task A_header_that_is_wrong(string name, string value, int status, string code)
    {
        using var answer = await _upload.SendPartAsync("1", s_body, (name, value));

        await answer.AssertErrorAsync(status, code);
    }

    [Fact]
    public async Task A_part_that_is_too_long()
    {
        using var answer = await _upload.SendPartAsync("1", new byte[1_000_001]);

        await answer.AssertErrorAsync(400, "EntityTooLarge");
    }

    [Fact]
    public async Task A_stranger_and_nobody()
    {
        using var stranger = await _host.SendAsync(HttpMethod.Put, _upload.Target + "&partNumber=1", s_body, owner: "bob");
        using var nobody = await _host.SendAsync(HttpMethod.Put, _upload.Target + "&partNumber=1", s_body, owner: null);
        using var abort = await _host.SendAsync(HttpMethod.Delete, _upload.Target, owner: "bob");
        using var list = await _host.SendAsync(HttpMethod.Get, _upload.Target, owner: "bob");
        using var begin = await _host.SendAsync(HttpMethod.Post, "/first/b?uploads", owner: "bob");

        foreach (var answer in new[] { stranger, nobody, abort, list, begin })
        {
            await answer.AssertErrorAsync(403, "AccessDenied");
        }
    }

    [Theory]
    [InlineData("x-amz-checksum-algorithm", "MD4", 400, "InvalidRequest")]
    [InlineData("x-amz-checksum-type", "COMPOSITE", 400, "InvalidRequest")]
    [InlineData("x-amz-server-side-encryption", "aws:kms", 501, "NotImplemented")]
    [InlineData("x-amz-storage-class", "GLACIER", 501, "NotImplemented")]
    [InlineData("x-amz-tagging", "a=1&a=2", 400, "InvalidArgument")]
    [InlineData("x-amz-acl", "nobody", 400, "InvalidArgument")]
    public async Task A_beginning_that_asks_for_what_cannot_be(string name, string value, int status, string code)
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/first/b?uploads", headers: (name, value));

        await answer.AssertErrorAsync(status, code);
    }

    [Theory]
    [InlineData("SHA256", "FULL_OBJECT")]
    [InlineData("CRC64NVME", "COMPOSITE")]
    [InlineData("CRC32", "HALF")]
    public async Task A_checksum_of_a_type_that_its_algorithm_does_not_have(string algorithm, string type)
    {
        using var answer = await _host.SendAsync(
            HttpMethod.Post, "/first/b?uploads", headers: [("x-amz-checksum-algorithm", algorithm), ("x-amz-checksum-type", type)]);

        await answer.AssertErrorAsync(400, "InvalidRequest");
    }

    [Fact]
    public async Task A_key_of_1025_bytes()
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/first/" + new string('k', 1025) + "?uploads");

        await answer.AssertErrorAsync(400, "KeyTooLongError");
    }

    [Fact]
    public async Task A_bucket_that_is_not_there()
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/second/a?uploads");

        await answer.AssertErrorAsync(404, "NoSuchBucket");
    }
}
