using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Multipart;

/// <summary>Refused completions: the upload stays as it is and can still be completed.</summary>
public sealed class CompleteMultipartUploadTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_body = Bodies.Random(1000);

    private S3TestHost _host = null!;
    private TestUpload _upload = null!;
    private string _first = null!;
    private string _second = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres, settings: new Dictionary<string, string?> { ["S3:MinPartSize"] = "1000" });
        await _host.CreateBucketAsync("first");
        _upload = await TestUpload.BeginAsync(_host, "/first/a");
        _first = await _upload.PutAsync(1, s_body);
        _second = await _upload.PutAsync(2, s_body[..999]);
    }

    public async Task DisposeAsync()
    {
        // The refused requests changed nothing.
        using var completed = await _upload.CompleteAsync();
        await completed.AssertStatusAsync(200);
        Assert.Equal((byte[])[.. s_body, .. s_body[..999]], await _host.GetBytesAsync("/first/a"));
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Parts_out_of_order()
    {
        using var answer = await _upload.CompleteAsync(TestUpload.ListOf((2, _second), (1, _first)));

        await answer.AssertErrorAsync(400, "InvalidPartOrder");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10_000)]
    [InlineData(10_001)]
    [InlineData(int.MaxValue)]
    public async Task A_part_that_was_never_put(int number)
    {
        using var answer = await _upload.CompleteAsync(TestUpload.ListOf((1, _first), (number, _first)));

        await answer.AssertErrorAsync(400, "InvalidPart");
    }

    [Fact]
    public async Task A_part_of_another_entity_tag()
    {
        using var swapped = await _upload.CompleteAsync(TestUpload.ListOf((1, _second), (2, _first)));
        using var none = await _upload.CompleteAsync(TestUpload.ListOf((1, _first), (2, "\"\"")));

        await swapped.AssertErrorAsync(400, "InvalidPart");
        await none.AssertErrorAsync(400, "InvalidPart");
    }

    [Fact]
    public async Task A_part_before_the_last_that_is_too_small()
    {
        await _upload.PutAsync(3, s_body);

        using var answer = await _upload.CompleteAsync();

        await answer.AssertErrorAsync(400, "EntityTooSmall");
        var error = await answer.XmlAsync();
        Assert.Equal(("999", "1000", "2"), (error.Text("ProposedSize"), error.Text("MinSizeAllowed"), error.Text("PartNumber")));

        await ForgetThirdAsync();
    }

    [Fact]
    public async Task What_is_wrong_with_checksums_and_entity_tags_is_said_before_sizes()
    {
        var third = await _upload.PutAsync(3, s_body);
        var list = TestUpload.ListOf((1, _first), (2, _second), (3, third));

        using var header = await _upload.CompleteAsync(list, ("x-amz-checksum-sha256", "dummy"));
        using var part = await _upload.CompleteAsync(
            list.Replace("</Part></Complete", "<ChecksumSHA256>dummy</ChecksumSHA256></Part></Complete", StringComparison.Ordinal));
        using var other = await _upload.CompleteAsync(TestUpload.ListOf((1, _first), (2, _second), (3, _second)));

        await header.AssertErrorAsync(400, "InvalidRequest");
        Assert.Equal("Value for x-amz-checksum-sha256 header is invalid.", (await header.XmlAsync()).Text("Message"));
        await part.AssertErrorAsync(400, "InvalidArgument");
        Assert.Equal("SHA256:dummy;", (await part.XmlAsync()).Text("ArgumentValue"));
        await other.AssertErrorAsync(400, "InvalidPart");

        await ForgetThirdAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("<CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload/>")]
    [InlineData("<Other><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part></Other>")]
    [InlineData("<CompleteMultipartUpload><Part><ETag>a</ETag></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>-1</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>one</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>")]
    public async Task What_is_no_list(string body)
    {
        using var answer = await _upload.CompleteAsync(body);

        await answer.AssertErrorAsync(400, "MalformedXML");
    }

    [Fact]
    public async Task A_list_of_10001_parts()
    {
        (int, string)[] parts = [.. Enumerable.Range(1, 10_001).Select(number => (number, _first))];
        using var answer = await _upload.CompleteAsync(TestUpload.ListOf(parts));

        await answer.AssertErrorAsync(400, "MalformedXML");
    }

    [Fact]
    public async Task A_size_that_is_not_that_of_the_parts()
    {
        using var answer = await _upload.CompleteAsync(("x-amz-mp-object-size", "2000"));

        await answer.AssertErrorAsync(400, "InvalidRequest");
    }

    [Fact]
    public async Task A_condition_that_does_not_hold()
    {
        using var absent = await _upload.CompleteAsync(("If-Match", "\"5d41402abc4b2a76b9719d911017c592\""));
        using (var put = await _host.PutAsync("/first/a", "hello"u8.ToArray()))
        {
            await put.AssertStatusAsync(200);
        }

        using var present = await _upload.CompleteAsync(("If-None-Match", "*"));
        using var other = await _upload.CompleteAsync(("If-Match", "\"00000000000000000000000000000000\""));
        using var upload = await _host.GetAsync(_upload.Target);

        await absent.AssertErrorAsync(404, "NoSuchKey");
        await present.AssertErrorAsync(412, "PreconditionFailed");
        await other.AssertErrorAsync(412, "PreconditionFailed");
        Assert.Equal("hello"u8.ToArray(), await _host.GetBytesAsync("/first/a"));

        using var same = await _upload.CompleteAsync(("If-Match", "\"5d41402abc4b2a76b9719d911017c592\""));
        await same.AssertStatusAsync(200);
    }

    [Fact]
    public async Task A_stranger_and_another_key()
    {
        var list = System.Text.Encoding.UTF8.GetBytes(_upload.List);
        var target = _upload.Target.Replace("/first/a", "/first/b", StringComparison.Ordinal);
        using var stranger = await _host.SendAsync(HttpMethod.Post, _upload.Target, list, owner: "bob");
        using var other = await _host.SendAsync(HttpMethod.Post, target, list);

        await stranger.AssertErrorAsync(403, "AccessDenied");
        await other.AssertErrorAsync(404, "NoSuchUpload");
    }

    // With no third part the second is the last.
    private async Task ForgetThirdAsync()
    {
        await _host.Files.CountAsync(
            "WITH gone AS (DELETE FROM multipart_parts WHERE part_number = 3 RETURNING 1) SELECT count(*) FROM gone");
        _upload.Forget(3);
    }
}
