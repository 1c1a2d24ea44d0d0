using System.Xml.Linq;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Multipart;

public sealed class ListMultipartUploadsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task An_upload_is_listed_while_it_is_under_way()
    {
        var upload = await TestUpload.BeginAsync(_host, "/first/a%20b", ("x-amz-checksum-algorithm", "SHA1"));
        var aborted = await TestUpload.BeginAsync(_host, "/first/b");
        var completed = await TestUpload.BeginAsync(_host, "/first/c");
        await completed.PutAsync(1, [1]);
        using var abort = await aborted.AbortAsync();
        using var complete = await completed.CompleteAsync();

        var document = await ListAsync();

        await complete.AssertStatusAsync(200);
        Assert.Equal("ListMultipartUploadsResult", document.Name.LocalName);
        Assert.Equal(("first", "", "", "1000", "false"),
            (document.Text("Bucket"), document.Text("KeyMarker"), document.Text("UploadIdMarker"),
                document.Text("MaxUploads"), document.Text("IsTruncated")));
        var found = Assert.Single(document.Named("Upload"));
        Assert.Equal(("a b", upload.Id, "STANDARD", "SHA1", "COMPOSITE"),
            (found.Text("Key"), found.Text("UploadId"), found.Text("StorageClass"),
                found.Text("ChecksumAlgorithm"), found.Text("ChecksumType")));
        Assert.Equal(S3TestHost.Owner, found.Named("Owner").Single().Text("ID"));
        Assert.Equal(S3TestHost.Owner, found.Named("Initiator").Single().Text("ID"));
    }

    [Fact]
    public async Task Pages_go_by_key_and_then_by_beginning()
    {
        var (a, c) = (await BeginAsync("a"), await BeginAsync("c"));

        // Two uploads that begin in the same millisecond are ordered only by their ids.
        string[] b = [await BeginAsync("b"), await BeginAsync("b"), await BeginAsync("b")];
        Array.Sort(b, string.CompareOrdinal);
        string[] all = [a, .. b, c];

        var seen = new List<string>();
        var query = "&max-uploads=2";
        while (true)
        {
            var page = await ListAsync(query);
            seen.AddRange(page.Texts("UploadId"));
            Assert.InRange(page.Texts("UploadId").Length, 1, 2);
            if (page.Text("IsTruncated") == "false")
            {
                Assert.Empty(page.Texts("NextKeyMarker"));
                break;
            }

            query = $"&max-uploads=2&key-marker={page.Text("NextKeyMarker")}&upload-id-marker={page.Text("NextUploadIdMarker")}";
        }

        Assert.Equal(all, seen);
        Assert.Equal([c], (await ListAsync("&key-marker=b")).Texts("UploadId"));
        Assert.Equal(all, (await ListAsync($"&upload-id-marker={c}")).Texts("UploadId"));
        Assert.Empty((await ListAsync("&max-uploads=0")).Texts("UploadId"));
    }

    [Fact]
    public async Task A_delimiter_groups_keys_and_pages_go_on_behind_a_group()
    {
        await BeginAsync("x/other");
        await BeginAsync("photos/2024/1");
        await BeginAsync("photos/2024/2");
        var single = await BeginAsync("photos/2025");
        await BeginAsync("photos/2026/1");

        var all = await ListAsync("&prefix=photos/&delimiter=/");
        var first = await ListAsync("&prefix=photos/&delimiter=/&max-uploads=1");
        var second = await ListAsync($"&prefix=photos/&delimiter=/&max-uploads=1&key-marker={first.Text("NextKeyMarker")}");
        var (key, id) = (second.Text("NextKeyMarker"), second.Text("NextUploadIdMarker"));
        var third = await ListAsync($"&prefix=photos/&delimiter=/&max-uploads=1&key-marker={key}&upload-id-marker={id}");

        Assert.Equal(["photos/2024/", "photos/2026/"], Prefixes(all));
        Assert.Equal([single], all.Texts("UploadId"));
        Assert.Equal(["photos/2024/", "true"], [.. Prefixes(first), first.Text("IsTruncated")]);
        Assert.Equal([single, "true"], [.. second.Texts("UploadId"), second.Text("IsTruncated")]);
        Assert.Equal(["photos/2026/", "false"], [.. Prefixes(third), third.Text("IsTruncated")]);
    }

    [Fact]
    public async Task Keys_are_encoded_on_request()
    {
        await BeginAsync("a%20%2B%C3%BC");

        var document = await ListAsync("&encoding-type=url");

        Assert.Equal(("url", "a%20%2B%C3%BC"), (document.Text("EncodingType"), document.Texts("Key").Single()));
    }

    [Theory]
    [InlineData("&max-uploads=-1")]
    [InlineData("&max-uploads=x")]
    [InlineData("&encoding-type=base64")]
    public async Task What_is_no_such_parameter_is_refused(string more)
    {
        using var answer = await _host.GetAsync("/first?uploads" + more);

        await answer.AssertErrorAsync(400, "InvalidArgument");
    }

    [Fact]
    public async Task A_stranger_learns_nothing()
    {
        using var answer = await _host.SendAsync(HttpMethod.Get, "/first?uploads", owner: "bob");

        await answer.AssertErrorAsync(403, "AccessDenied");
    }

    private static string[] Prefixes(XElement document) => [.. document.Named("CommonPrefixes").Select(common => common.Text("Prefix"))];

    private async Task<string> BeginAsync(string key) => (await TestUpload.BeginAsync(_host, "/first/" + key)).Id;

    private async Task<XElement> ListAsync(string more = "")
    {
        using var answer = await _host.GetAsync("/first?uploads" + more);
        await answer.AssertStatusAsync(200);
        return await answer.XmlAsync();
    }
}
