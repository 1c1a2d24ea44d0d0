using System.Text;
using MediaAspire.Tests.Api.S3.Multipart;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.BadInput;

/// <summary>Hostile documents, for every operation that reads one.</summary>
public sealed class BadDocumentTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Bomb =
        """
        <?xml version="1.0"?>
        <!DOCTYPE bomb [
          <!ENTITY a "aaaaaaaaaaaaaaaa">
          <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
          <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
          <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
          <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
          <!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
        ]>
        <bomb>&f;</bomb>
        """;

    private const string Outside = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>""";

    private S3TestHost _host = null!;
    private TestUpload _upload = null!;

    public static TheoryData<string, string> Operations => new()
    {
        { "POST", "/first?delete" },
        { "PUT", "/first?versioning" },
        { "PUT", "/first?tagging" },
        { "PUT", "/first?cors" },
        { "PUT", "/first?lifecycle" },
        { "PUT", "/first?acl" },
        { "PUT", "/first?ownershipControls" },
        { "PUT", "/first?publicAccessBlock" },
        { "PUT", "/first?object-lock" },
        { "PUT", "/first/a?tagging" },
        { "PUT", "/first/a?acl" },
        { "POST", "upload" },
        { "PUT", "/second" },
    };

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        using var put = await _host.PutAsync("/first/a", "hello"u8.ToArray());
        await put.AssertStatusAsync(200);
        _upload = await TestUpload.BeginAsync(_host, "/first/a");
        await _upload.PutAsync(1, "hello"u8.ToArray());
    }

    public async Task DisposeAsync()
    {
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM buckets"));
        Assert.Equal("hello"u8.ToArray(), await _host.GetBytesAsync("/first/a"));
        using var completed = await _upload.CompleteAsync();
        await completed.AssertStatusAsync(200);
        await _host.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Entities_are_never_expanded(string method, string target)
    {
        foreach (var document in new[] { Bomb, Outside })
        {
            using var answer = await SendAsync(method, target, Encoding.UTF8.GetBytes(document));

            await answer.AssertErrorAsync(400, "MalformedXML");
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Ten_megabytes_are_not_read(string method, string target)
    {
        var document = new byte[10_000_000];
        document.AsSpan().Fill((byte)' ');
        "<a>"u8.CopyTo(document);
        "</a>"u8.CopyTo(document.AsSpan(document.Length - 4));

        using var declared = await SendAsync(method, target, document);
        using var chunked = await SendAsync(method, target, document, declaresLength: false);

        await declared.AssertErrorAsync(400, "MaxMessageLengthExceeded");
        await chunked.AssertErrorAsync(400, "MaxMessageLengthExceeded");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_million_elements_in_each_other_are_refused(string method, string target)
    {
        using var open = await SendAsync(method, target, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 1_000_000))));
        var nested = string.Concat(Enumerable.Repeat("<a>", 500_000)) + string.Concat(Enumerable.Repeat("</a>", 500_000));
        using var closed = await SendAsync(method, target, Encoding.UTF8.GetBytes(nested));

        await open.AssertErrorAsync(400, "MalformedXML");
        Assert.InRange((int)closed.StatusCode, 400, 499);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string target, byte[] body, bool declaresLength = true)
    {
        using var request = _host.Request(
            new HttpMethod(method), target == "upload" ? _upload.Target : target, (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        request.Content = new ByteArrayContent(body);
        request.Headers.TransferEncodingChunked = !declaresLength;

        // DeleteObjects wants a digest of its document.
        request.Content.Headers.TryAddWithoutValidation("Content-MD5", Bodies.ContentMd5Of(body));
        return await _host.SendAsync(request);
    }
}
