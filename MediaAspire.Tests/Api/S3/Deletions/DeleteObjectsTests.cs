using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Deletions;

public sealed class DeleteObjectsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly XNamespace s_ns = "http://s3.amazonaws.com/doc/2006-03-01/";

    private S3TestHost _host = null!;

    public async Task InitializeAsync() => _host = await S3TestHost.StartAsync(postgres);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Many_objects_with_awkward_keys_are_deleted_at_once()
    {
        await _host.CreateBucketAsync("many");
        string[] keys = [" ", "\"", "<&>", "a\nb", "a\r\nb", "a\u0001b", "é/😀", "..//..", "plain"];
        foreach (var key in keys)
        {
            using var put = await _host.PutAsync("/many/" + Uri.EscapeDataString(key), Encoding.UTF8.GetBytes(key));
            await put.AssertStatusAsync(200);
        }

        string[] asked = [.. keys, "not-there"];
        var result = await DeleteAsync("many", Document([.. asked.Select(key => new XElement("Key", key))]));
        Assert.Equal(s_ns + "DeleteResult", result.Name);
        Assert.Equal(asked, result.Elements(s_ns + "Deleted").Select(element => element.Element(s_ns + "Key")!.Value));
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(keys.Length, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted'"));
    }

    [Fact]
    public async Task Thousand_keys_are_taken_and_one_more_is_not()
    {
        var bucket = await _host.CreateBucketAsync("thousand");
        var keys = Enumerable.Range(0, 1001).Select(number => $"key-{number}").ToArray();
        await ListingRows.AddAsync(postgres, bucket.Id, keys);

        using var refused = await SendAsync("thousand", Document(keys.Select(key => new XElement("Key", key))));
        await refused.AssertErrorAsync(400, "MalformedXML");
        Assert.Equal(1001, await _host.Files.CountAsync("SELECT count(*) FROM objects"));

        var result = await DeleteAsync("thousand", Document(keys[1..].Select(key => new XElement("Key", key)), isQuiet: true));
        Assert.Empty(result.Elements());
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    [Fact]
    public async Task Versions_and_markers_are_made_and_removed_as_if_one_came_after_the_other()
    {
        var bucket = await _host.CreateBucketAsync("versions", versioning: BucketVersioning.Enabled);
        var first = await ListingRows.AddVersionAsync(postgres, bucket.Id, "a");
        await ListingRows.AddVersionAsync(postgres, bucket.Id, "b", isNull: true);

        var marked = await DeleteAsync("versions", Document([new XElement("Key", "a"), new XElement("Key", "a")]));
        var markers = marked.Descendants(s_ns + "DeleteMarkerVersionId").Select(element => element.Value).ToArray();
        Assert.Equal(2, markers.Distinct().Count());
        Assert.All(marked.Descendants(s_ns + "DeleteMarker"), element => Assert.Equal("true", element.Value));

        var removed = await DeleteAsync(
            "versions", Document([Entry("a", markers[1]), Entry("a", markers[0]), Entry("b", "null"), Entry("b", "null")]));
        Assert.Equal([markers[1], markers[0]], removed.Descendants(s_ns + "DeleteMarkerVersionId").Select(element => element.Value));
        Assert.Equal(["a", "a", "b", "b"], removed.Descendants(s_ns + "Key").Select(element => element.Value));
        var left = await _host.Objects.FindAsync(bucket.Id, "a", CancellationToken.None);
        Assert.Equal(first, left?.Id);
        Assert.True(left?.IsLatest);
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));

        await _host.Buckets.SetVersioningAsync(bucket.Id, BucketVersioning.Suspended, CancellationToken.None);
        var suspended = await DeleteAsync("versions", Document([new XElement("Key", "a"), new XElement("Key", "a")]));
        Assert.Equal(["null", "null"], suspended.Descendants(s_ns + "DeleteMarkerVersionId").Select(element => element.Value));
        Assert.Equal(2, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    [Fact]
    public async Task Each_entry_has_conditions_of_its_own()
    {
        var bucket = await _host.CreateBucketAsync("conditions");
        await ListingRows.AddAsync(postgres, bucket.Id, ["tag", "size", "time", "right"]);
        var modified = (await _host.Objects.FindAsync(bucket.Id, "right", CancellationToken.None))!.ModifiedAt;

        var result = await DeleteAsync("conditions", Document(
        [
            new XElement("Entry", new XElement("Key", "tag"), new XElement("ETag", "\"bad\"")),
            new XElement("Entry", new XElement("Key", "size"), new XElement("Size", 9999)),
            new XElement("Entry", new XElement("Key", "time"), new XElement("LastModifiedTime", "Wed, 21 Oct 2015 07:28:00 GMT")),
            new XElement("Entry", new XElement("Key", "not-there"), new XElement("ETag", "bad")),
            new XElement(
                "Entry",
                new XElement("Key", "right"),
                new XElement("ETag", "\"7c4f29407893c334a6cb7a87bf045c0d\""),
                new XElement("Size", 5),
                new XElement("LastModifiedTime", modified.UtcDateTime.ToString("R"))),
        ]));

        Assert.Equal(["tag", "size", "time"], result.Elements(s_ns + "Error").Select(element => element.Element(s_ns + "Key")!.Value));
        Assert.All(result.Descendants(s_ns + "Code"), code => Assert.Equal("PreconditionFailed", code.Value));
        Assert.Equal(["not-there", "right"], result.Elements(s_ns + "Deleted").Select(element => element.Value));
        Assert.Equal(3, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    [Fact]
    public async Task What_one_entry_may_not_do_the_others_may()
    {
        var bucket = await _host.CreateBucketAsync("errors");
        await ListingRows.AddAsync(postgres, bucket.Id, ["good"]);

        var result = await DeleteAsync(
            "errors", Document([Entry("bad", "no-version"), new XElement("Key", new string('k', 1025)), new XElement("Key", "good")]));
        Assert.Equal(["NoSuchVersion", "KeyTooLongError"], result.Descendants(s_ns + "Code").Select(element => element.Value));
        Assert.Equal("no-version", result.Element(s_ns + "Error")?.Element(s_ns + "VersionId")?.Value);
        Assert.Equal("good", Assert.Single(result.Elements(s_ns + "Deleted")).Value);

        await ListingRows.AddAsync(postgres, bucket.Id, ["kept"]);
        using var others = await SendAsync("errors", Document([new XElement("Key", "kept")]), "bob");
        await others.AssertStatusAsync(200);
        Assert.Equal("AccessDenied", (await others.XmlAsync()).Descendants(s_ns + "Code").Single().Value);
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    [Theory]
    [InlineData("<Delete></Delete>")]
    [InlineData("<Delete><Object><Key></Key></Object></Delete>")]
    [InlineData("<Delete><Object><VersionId>null</VersionId></Object></Delete>")]
    [InlineData("<Delete><Object><Key>kept</Key></Object>")]
    [InlineData("<Remove><Object><Key>kept</Key></Object></Remove>")]
    [InlineData("<!DOCTYPE d [<!ENTITY k \"kept\">]><Delete><Object><Key>&k;</Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>kept</Key><Size>x</Size></Object></Delete>")]
    public async Task A_bad_document_deletes_nothing(string document)
    {
        await ListingRows.AddAsync(postgres, (await _host.CreateBucketAsync("bad")).Id, ["kept"]);

        using var response = await SendAsync("bad", Encoding.UTF8.GetBytes(document));
        await response.AssertErrorAsync(400, "MalformedXML");
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    [Fact]
    public async Task A_document_without_or_with_a_wrong_digest_deletes_nothing()
    {
        await ListingRows.AddAsync(postgres, (await _host.CreateBucketAsync("digests")).Id, ["kept"]);
        var body = Document([new XElement("Key", "kept")]);

        using var none = await _host.SendAsync(HttpMethod.Post, "/digests?delete", body);
        await none.AssertErrorAsync(400, "InvalidRequest");
        using var md5 = await _host.SendAsync(
            HttpMethod.Post, "/digests?delete", body, S3TestHost.Owner, ("Content-MD5", Convert.ToBase64String(new byte[16])));
        await md5.AssertErrorAsync(400, "BadDigest");
        using var crc = await _host.SendAsync(
            HttpMethod.Post, "/digests?delete", body, S3TestHost.Owner, ("x-amz-checksum-crc32", "AAAAAA=="));
        await crc.AssertErrorAsync(400, "BadDigest");
        using var trailer = await _host.SendAsync(
            HttpMethod.Post,
            "/digests?delete",
            body,
            S3TestHost.Owner,
            ("x-amz-trailer", "x-amz-checksum-crc32"),
            (HeaderAuthenticator.TrailerPrefix + "x-amz-checksum-crc32", "dummy"));
        await trailer.AssertErrorAsync(400, "InvalidRequest");
        Assert.Equal("Value for x-amz-checksum-crc32 trailing header is invalid.", (await trailer.XmlAsync()).Element("Message")!.Value);
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));

        var digest = Convert.ToBase64String(SHA256.HashData(body));
        using var right = await _host.SendAsync(
            HttpMethod.Post, "/digests?delete", body, S3TestHost.Owner, ("x-amz-checksum-sha256", digest));
        await right.AssertStatusAsync(200);
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    private static XElement Entry(string key, string version) => new("Entry", new XElement("Key", key), new XElement("VersionId", version));

    // Built by hand: keys may contain characters that XML cannot represent.
    private static byte[] Document(IEnumerable<XElement> entries, bool isQuiet = false)
    {
        var text = new StringBuilder($"<Delete xmlns=\"{s_ns}\">").Append(isQuiet ? "<Quiet>true</Quiet>" : "");
        foreach (var entry in entries)
        {
            text.Append("<Object>");
            foreach (var element in entry.Name.LocalName == "Key" ? [entry] : entry.Elements())
            {
                var escaped = element.Value.Replace("&", "&amp;", StringComparison.Ordinal)
                    .Replace("<", "&lt;", StringComparison.Ordinal)
                    .Replace("\r", "&#xD;", StringComparison.Ordinal)
                    .Replace("\u0001", "&#x1;", StringComparison.Ordinal);
                text.Append($"<{element.Name.LocalName}>{escaped}</{element.Name.LocalName}>");
            }

            text.Append("</Object>");
        }

        return Encoding.UTF8.GetBytes(text.Append("</Delete>").ToString());
    }

    private async Task<XElement> DeleteAsync(string bucket, byte[] document)
    {
        using var response = await SendAsync(bucket, document);
        await response.AssertStatusAsync(200);
        using var reader = System.Xml.XmlReader.Create(await response.Content.ReadAsStreamAsync(), new() { CheckCharacters = false });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
    }

#pragma warning disable CA5351 // The header carries an MD5.
    private Task<HttpResponseMessage> SendAsync(string bucket, byte[] document, string owner = S3TestHost.Owner) =>
        _host.SendAsync(
            HttpMethod.Post, $"/{bucket}?delete", document, owner, ("Content-MD5", Convert.ToBase64String(MD5.HashData(document))));
#pragma warning restore CA5351
}
