using System.Text;
using System.Xml.Linq;
using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Versioning;

public sealed class VersioningTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly XNamespace s_ns = "http://s3.amazonaws.com/doc/2006-03-01/";

    private S3TestHost _host = null!;
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        _bucket = await _host.CreateBucketAsync("versioned");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Versioning_is_off_until_set_and_then_suspended_at_most()
    {
        Assert.Null(await StatusAsync());
        await SetAsync("<Status>Suspended</Status>", 200);
        Assert.Equal("Suspended", await StatusAsync());
        await SetAsync("<Status>Enabled</Status><MfaDelete>Disabled</MfaDelete>", 200);
        Assert.Equal("Enabled", await StatusAsync());
    }

    [Theory]
    [InlineData(
        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>",
        501,
        "NotImplemented")]
    [InlineData("<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>", 400, "MalformedXML")]
    [InlineData("<VersioningConfiguration/>", 400, "IllegalVersioningConfigurationException")]
    [InlineData("<Other><Status>Enabled</Status></Other>", 400, "MalformedXML")]
    [InlineData("", 400, "MalformedXML")]
    public async Task PutBucketVersioning_BadDocument_ChangesNothing(string body, int status, string code)
    {
        using var response = await _host.PutAsync("/versioned?versioning", Encoding.UTF8.GetBytes(body));
        await response.AssertErrorAsync(status, code);
        Assert.Null(await StatusAsync());
    }

    [Fact]
    public async Task ListObjectVersions_VersionsAndMarkers_ComeByKeyAndNewestFirst()
    {
        var plain = await ListingRows.AddVersionAsync(postgres, _bucket.Id, "a", isNull: true);
        var second = await ListingRows.AddVersionAsync(postgres, _bucket.Id, "a");
        var marker = await ListingRows.AddVersionAsync(postgres, _bucket.Id, "a", isMarker: true);
        var other = await ListingRows.AddVersionAsync(postgres, _bucket.Id, "b/1");

        var document = await ListAsync("");
        Assert.Equal(s_ns + "ListVersionsResult", document.Name);
        Assert.Equal(
            ["Name", "Prefix", "KeyMarker", "VersionIdMarker", "MaxKeys", "IsTruncated", "DeleteMarker", "Version", "Version", "Version"],
            document.Elements().Select(element => element.Name.LocalName));
        Assert.Equal([marker.ToString(), second.ToString(), "null", other.ToString()], Texts(document, "VersionId"));
        Assert.Equal(["true", "false", "false", "true"], Texts(document, "IsLatest"));
        Assert.Equal(
            ["Key", "VersionId", "IsLatest", "LastModified", "Owner"],
            document.Element(s_ns + "DeleteMarker")!.Elements().Select(element => element.Name.LocalName));
        Assert.Equal(
            ["Key", "VersionId", "IsLatest", "LastModified", "ETag", "Size", "Owner", "StorageClass"],
            document.Element(s_ns + "Version")!.Elements().Select(element => element.Name.LocalName));
        Assert.NotEqual("null", plain.ToString());

        var grouped = await ListAsync("&delimiter=/&key-marker=a");
        Assert.Empty(Texts(grouped, "VersionId"));
        Assert.Equal(["b/"], grouped.Elements(s_ns + "CommonPrefixes").Select(element => element.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ListObjectVersions_InPages_ListsEachOnce(int most)
    {
        foreach (var key in new[] { "a", "a", "a", "b/1", "b/1", "b/2", "c+", "c+" })
        {
            await ListingRows.AddVersionAsync(postgres, _bucket.Id, key);
        }

        await ListingRows.AddVersionAsync(postgres, _bucket.Id, "c+", isNull: true);
        var whole = await ListAsync("&delimiter=/");
        var versions = new List<string>();
        var prefixes = new List<string>();
        for (var marker = ""; marker is not null;)
        {
            var page = await ListAsync($"&delimiter=/&encoding-type=url&max-keys={most}{marker}");
            versions.AddRange(Texts(page, "VersionId"));
            prefixes.AddRange(page.Elements(s_ns + "CommonPrefixes").Select(element => element.Value));
            marker = page.Element(s_ns + "NextKeyMarker") is { } key
                ? $"&key-marker={key.Value}&version-id-marker={page.Element(s_ns + "NextVersionIdMarker")?.Value}"
                : null;
        }

        Assert.Equal(Texts(whole, "VersionId"), versions);
        Assert.Equal(6, versions.Count);
        Assert.Equal(["b/"], prefixes);
    }

    [Fact]
    public async Task ListObjectVersions_MarkerThatWasDeleted_MissesNothing()
    {
        for (var i = 0; i < 5; i++)
        {
            await ListingRows.AddVersionAsync(postgres, _bucket.Id, "a");
        }

        // As a client empties a bucket: page by page, deleting each.
        var seen = 0;
        for (var marker = ""; marker is not null;)
        {
            var page = await ListAsync($"&max-keys=2{marker}");
            foreach (var version in Texts(page, "VersionId"))
            {
                using var deleted = await _host.DeleteAsync($"/versioned/a?versionId={version}");
                await deleted.AssertStatusAsync(204);
                seen++;
            }

            marker = page.Element(s_ns + "NextKeyMarker") is { } key
                ? $"&key-marker={key.Value}&version-id-marker={page.Element(s_ns + "NextVersionIdMarker")?.Value}"
                : null;
        }

        Assert.Equal(5, seen);
        using var gone = await _host.DeleteAsync("/versioned");
        await gone.AssertStatusAsync(204);
    }

    private static string[] Texts(XElement document, string name) =>
        [.. document.Descendants(s_ns + name).Select(element => element.Value)];

    private async Task<XElement> ListAsync(string query)
    {
        using var response = await _host.GetAsync($"/versioned?versions{query}");
        await response.AssertStatusAsync(200);
        return await response.XmlAsync();
    }

    private async Task<string?> StatusAsync()
    {
        using var response = await _host.GetAsync("/versioned?versioning");
        return (await response.XmlAsync()).Element(s_ns + "Status")?.Value;
    }

    private async Task SetAsync(string content, int status)
    {
        var body = Encoding.UTF8.GetBytes($"<VersioningConfiguration xmlns=\"{s_ns}\">{content}</VersioningConfiguration>");
        using var response = await _host.PutAsync("/versioned?versioning", body);
        await response.AssertStatusAsync(status);
    }
}
