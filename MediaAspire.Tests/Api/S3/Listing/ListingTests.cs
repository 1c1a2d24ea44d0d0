using System.Xml.Linq;
using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Listing;

public sealed class ListingTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly XNamespace s_ns = "http://s3.amazonaws.com/doc/2006-03-01/";

    private S3TestHost _host = null!;
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        _bucket = await _host.CreateBucketAsync("listed");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task ListObjectsV2_Default_HasTheElementsInOrder()
    {
        await ListingRows.AddAsync(postgres, _bucket.Id, ["a/1", "b"]);

        var document = await ListAsync("list-type=2&delimiter=/&fetch-owner=true&start-after=0");

        Assert.Equal(s_ns + "ListBucketResult", document.Name);
        Assert.Equal(
            ["Name", "Prefix", "StartAfter", "KeyCount", "MaxKeys", "Delimiter", "IsTruncated", "Contents", "CommonPrefixes"],
            document.Elements().Select(element => element.Name.LocalName));
        Assert.Equal(
            ["Key", "LastModified", "ETag", "Size", "Owner", "StorageClass"],
            document.Element(s_ns + "Contents")!.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("2", Text(document, "KeyCount"));
        Assert.Equal("1000", Text(document, "MaxKeys"));
        Assert.Equal("false", Text(document, "IsTruncated"));
        Assert.Equal("\"92eb5ffee6ae2fec3ad71c777531578f\"", Text(document, "ETag"));
        Assert.Equal("ALICE", Text(document, "DisplayName"));
        Assert.Equal("a/", document.Element(s_ns + "CommonPrefixes")?.Value);
    }

    [Fact]
    public async Task ListObjectsV2_WithoutFetchOwner_NamesNoOwner()
    {
        await ListingRows.AddAsync(postgres, _bucket.Id, ["a"]);

        Assert.Null(Text(await ListAsync("list-type=2"), "Owner"));
        Assert.NotNull(Text(await ListAsync("prefix="), "Owner"));
    }

    [Fact]
    public async Task ListObjectsV2_InPages_ListsEverythingOnce()
    {
        string[] keys = ["a", "b/1", "b/2", "c", "d/1", "e"];
        await ListingRows.AddAsync(postgres, _bucket.Id, keys);

        var listed = new List<string>();
        string? token = "";
        for (var more = true; more;)
        {
            // A token goes before the place to start at.
            var start = token == "" ? "" : "zzz";
            var page = await ListAsync($"list-type=2&delimiter=/&max-keys=2&start-after={start}&continuation-token={token}");
            listed.AddRange(Listed(page));
            Assert.Equal(token, Text(page, "ContinuationToken"));
            more = Text(page, "IsTruncated") == "true";
            token = Text(page, "NextContinuationToken");
            Assert.Equal(more, token is not null);
        }

        Assert.Equal(["a", "b/", "c", "d/", "e"], listed);
    }

    [Fact]
    public async Task ListObjects_InPages_NamesTheNextMarkerOnlyWithADelimiter()
    {
        await ListingRows.AddAsync(postgres, _bucket.Id, ["boo/bar", "boo/baz/xyzzy", "cquux/bla", "cquux/thud"]);

        var first = await ListAsync("delimiter=/&max-keys=1");
        Assert.Equal(["boo/"], Listed(first));
        Assert.Equal("boo/", Text(first, "NextMarker"));
        Assert.Equal("", Text(first, "Marker"));
        var second = await ListAsync("delimiter=/&max-keys=1&marker=boo/");
        Assert.Equal(["cquux/"], Listed(second));
        Assert.Equal("false", Text(second, "IsTruncated"));
        Assert.Null(Text(second, "NextMarker"));

        var plain = await ListAsync("max-keys=1");
        Assert.Equal("true", Text(plain, "IsTruncated"));
        Assert.Null(Text(plain, "NextMarker"));
    }

    [Fact]
    public async Task ListObjects_EncodedByUrl_EncodesEveryFieldThatNamesKeys()
    {
        await ListingRows.AddAsync(postgres, _bucket.Id, ["foo+1/bar", "quux ab/thud", "asdf+b", "line\nfeed", "é\u0001"]);

        var document = await ListAsync("delimiter=/&encoding-type=url&marker=%21+&prefix=");
        Assert.Equal(
            ["asdf%2Bb", "line%0Afeed", "%C3%A9%01"],
            document.Elements(s_ns + "Contents").Select(entry => entry.Element(s_ns + "Key")!.Value));
        Assert.Equal(["foo%2B1/", "quux%20ab/"], document.Elements(s_ns + "CommonPrefixes").Select(entry => entry.Value));
        Assert.Equal("%21%20", Text(document, "Marker"));
        Assert.Equal("/", Text(document, "Delimiter"));
        Assert.Equal("url", Text(document, "EncodingType"));
        Assert.Equal("\nx", Text(await ListAsync("prefix=%0Ax&encoding-type=url"), "Prefix"));
        Assert.Equal("%0A", Text(await ListAsync("prefix=%0A&encoding-type=url&list-type=2"), "Prefix"));
        Assert.Equal("a%2Bb", Text(await ListAsync("prefix=a%2Bb&encoding-type=url"), "Prefix"));
        Assert.Equal("%0A", Text(await ListAsync("delimiter=%0A&encoding-type=url&list-type=2"), "Delimiter"));
    }

    [Theory]
    [InlineData("max-keys=blah")]
    [InlineData("max-keys=-1")]
    [InlineData("max-keys=99999999999")]
    [InlineData("encoding-type=base64")]
    [InlineData("allow-unordered=true&delimiter=/")]
    [InlineData("list-type=2&continuation-token=~")]
    [InlineData("list-type=2&continuation-token=a2")]
    [InlineData("list-type=2&continuation-token=a__-")]
    [InlineData("versions&version-id-marker=0123456789abcdef0123456789abcdef")]
    [InlineData("versions&key-marker=a&version-id-marker=x")]
    public async Task List_BadParameter_IsRefused(string query)
    {
        using var response = await _host.GetAsync($"/listed?{query}");
        await response.AssertErrorAsync(400, "InvalidArgument");
    }

    [Fact]
    public async Task List_MaxKeysAtTheLimits_IsTakenAsItIs()
    {
        await ListingRows.AddAsync(postgres, _bucket.Id, ["a"]);

        var none = await ListAsync("max-keys=0");
        Assert.Equal("false", Text(none, "IsTruncated"));
        Assert.Empty(Listed(none));
        Assert.Equal("0", Text(none, "MaxKeys"));
        Assert.Equal("1000", Text(await ListAsync("max-keys=5000"), "MaxKeys"));
    }

    [Fact]
    public async Task List_OtherOwnersOrMissingBucket_IsRefused()
    {
        using var others = await _host.SendAsync(HttpMethod.Get, "/listed?list-type=2", body: null, "bob");
        await others.AssertErrorAsync(403, "AccessDenied");
        using var missing = await _host.GetAsync("/not-there?list-type=2");
        await missing.AssertErrorAsync(404, "NoSuchBucket");
    }

    private static string? Text(XElement document, string name) => document.DescendantsAndSelf(s_ns + name).FirstOrDefault()?.Value;

    private static string[] Listed(XElement document) =>
        [.. document.Elements(s_ns + "Contents").Select(entry => entry.Element(s_ns + "Key")!.Value)
            .Concat(document.Elements(s_ns + "CommonPrefixes").Select(entry => entry.Value)).Order(StringComparer.Ordinal)];

    private async Task<XElement> ListAsync(string query)
    {
        using var response = await _host.GetAsync($"/listed?{query}");
        await response.AssertStatusAsync(200);
        return await response.XmlAsync();
    }
}
