using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Tagging;

public sealed class TaggingTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Owner = S3TestHost.Owner;

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Tags_of_an_object_are_replaced_as_a_whole_and_its_time_stays()
    {
        using var before = await _host.HeadAsync("/first/a");
        Assert.Empty(await TagsAsync("/first/a?tagging"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a?tagging", Document(("b", "2"), ("a", "1")));
        Assert.Equal(["a=1", "b=2"], await TagsAsync("/first/a?tagging"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a?tagging", Document(("ä /=+-@:._", "")));
        Assert.Equal(["ä /=+-@:._="], await TagsAsync("/first/a?tagging"));

        using var after = await _host.HeadAsync("/first/a");
        Assert.Equal("1", after.Header("x-amz-tagging-count"));
        Assert.Equal((before.Header("Last-Modified"), before.Header("ETag")), (after.Header("Last-Modified"), after.Header("ETag")));
        using var deleted = await _host.DeleteAsync("/first/a?tagging");
        await deleted.AssertStatusAsync(204);
        Assert.Empty(await TagsAsync("/first/a?tagging"));
    }

    [Fact]
    public async Task Tags_of_a_put_are_read_from_its_header()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/b", "x", ("x-amz-tagging", "foo=bar&bar"));

        Assert.Equal(["bar=", "foo=bar"], await TagsAsync("/first/b?tagging"));
    }

    [Fact]
    public async Task A_version_has_tags_of_its_own()
    {
        await _host.CreateBucketAsync("second", versioning: BucketVersioning.Enabled);
        using var put = await _host.PutAsync("/second/a", [1]);
        var old = $"/second/a?tagging&versionId={put.Header("x-amz-version-id")}";
        await _host.DoAsync(Owner, HttpMethod.Put, "/second/a", "new");
        await _host.DoAsync(Owner, HttpMethod.Put, old, Document(("a", "old")));
        await _host.DoAsync(Owner, HttpMethod.Put, "/second/a?tagging", Document(("a", "new")));

        Assert.Equal(["a=old"], await TagsAsync(old));
        Assert.Equal(["a=new"], await TagsAsync("/second/a?tagging"));
        await _host.DoAsync(Owner, HttpMethod.Delete, old);
        Assert.Empty(await TagsAsync(old));
        Assert.Equal(["a=new"], await TagsAsync("/second/a?tagging"));
    }

    [Fact]
    public async Task Tags_of_a_bucket_are_kept_apart()
    {
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?tagging", "NoSuchTagSet");
        var tags = Enumerable.Range(10, 50).Select(i => ($"k{i}", $"{i}"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?tagging", Document([.. tags]));

        Assert.Equal(50, (await TagsAsync("/first?tagging")).Length);
        Assert.Empty(await TagsAsync("/first/a?tagging"));
        await _host.RefuseAsync(
            Owner, HttpMethod.Put, "/first?tagging", "InvalidTag", Document([.. Enumerable.Range(10, 51).Select(i => ($"k{i}", $"{i}"))]));
        using var deleted = await _host.DeleteAsync("/first?tagging");
        await deleted.AssertStatusAsync(204);
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?tagging", "NoSuchTagSet");
    }

    [Fact]
    public async Task Tags_against_the_limits_are_refused()
    {
        (string Document, string Code)[] documents =
        [
            (Document([.. Enumerable.Range(0, 11).Select(i => ($"k{i}", ""))]), "InvalidTag"),
            (Document((new string('k', 129), "")), "InvalidTag"),
            (Document(("k", new string('v', 257))), "InvalidTag"),
            (Document(("k", "1"), ("k", "2")), "InvalidTag"),
            (Document(("aws:k", "1")), "InvalidTag"),
            (Document(("", "1")), "InvalidTag"),
            (Document(("k!", "1")), "InvalidTag"),
            ("<Tagging/>", "MalformedXML"),
            ("<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>", "MalformedXML"),
            ("<Tagging><TagSet>", "MalformedXML"),
        ];
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a?tagging", Document((new string('k', 128), new string('v', 256))));
        foreach (var (document, code) in documents)
        {
            await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/a?tagging", code, document);
        }

        Assert.Single(await TagsAsync("/first/a?tagging"));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/missing?tagging", "NoSuchKey", Document(("k", "v")));
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/missing?tagging", "NoSuchKey");
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Put, "/first/a?tagging", "AccessDenied", "<Tagging/>");
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Get, "/first/a?tagging", "AccessDenied");
        await _host.RefuseAsync(null, HttpMethod.Delete, "/first/a?tagging", "AccessDenied");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first?tagging", "AccessDenied");
    }

    private static string Document(params (string Key, string Value)[] tags) =>
        "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>"
        + string.Concat(tags.Select(tag => $"<Tag><Key>{tag.Key}</Key><Value>{tag.Value}</Value></Tag>"))
        + "</TagSet></Tagging>";

    private async Task<string[]> TagsAsync(string target)
    {
        using var response = await _host.GetAsync(target);
        await response.AssertStatusAsync(200);
        var root = await response.XmlAsync();
        return
        [
            .. root.Descendants().Where(element => element.Name.LocalName == "Tag")
                .Select(tag => string.Join('=', tag.Elements().Select(element => element.Value))),
        ];
    }
}
