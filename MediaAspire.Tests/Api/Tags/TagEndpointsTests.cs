using MediaAspire.Core.Tags;
using MediaAspire.Tests.Api.Media;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Api.Tags;

public sealed class TagEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Tags_are_created_counted_listed_renamed_and_deleted()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        await api.CreateAsync(NewMedia.Of("a", "one") with { Tags = ["sea", "sun/set"] });
        await api.CreateAsync(NewMedia.Of("b", "two") with { Tags = ["sea"] });

        await api.ExpectAsync(201, null, "POST", "/tags", """{"name": "Ｓky", "owner": "a"}""");
        await api.ExpectAsync(200, null, "POST", "/tags", """{"name": "SKY", "owner": "a"}""");

        var list = await api.ExpectAsync(200, null, "GET", "/tags?prefix=S&limit=2");
        Assert.Equal([("sea", 2L), ("sky", 0L)], List(list));
        list = await api.ExpectAsync(200, null, "GET", $"/tags?prefix=S&after={list.GetProperty("next").GetString()}");
        Assert.Equal([("sun/set", 1L)], List(list));
        Assert.False(list.TryGetProperty("next", out _));
        Assert.Equal([("sea", 1L)], List(await api.ExpectAsync(200, null, "GET", "/tags?owner=b")));
        Assert.Equal([("sea", 1L)], List(await api.ExpectAsync(200, null, "GET", "/tags", key: await api.CreateKeyAsync("b"))));
        Assert.Equal(1, (await api.ExpectAsync(200, null, "GET", "/tags/SUN%2Fset")).GetProperty("count").GetInt64());

        var change = await api.ExpectAsync(200, null, "PATCH", "/tags/sun%2Fset?owner=a", """{"name": "sea"}""");
        Assert.Equal((1L, 1L), (change.GetProperty("total").GetInt64(), change.GetProperty("done").GetInt64()));
        Assert.Equal([("sea", 1L), ("sky", 0L)], List(await api.ExpectAsync(200, null, "GET", "/tags?owner=a")));

        await api.ExpectAsync(200, null, "DELETE", "/tags/sky?owner=a");
        await api.ExpectAsync(200, null, "DELETE", "/tags/sea?owner=a");
        Assert.Empty(List(await api.ExpectAsync(200, null, "GET", "/tags?owner=a")));
        Assert.Equal([("sea", 1L)], List(await api.ExpectAsync(200, null, "GET", "/tags")));
        await api.ExpectAsync(404, "tag-not-found", "DELETE", "/tags/sea?owner=a");
        await api.ExpectAsync(404, "tag-not-found", "GET", "/tags/none");
    }

    [Fact]
    public async Task A_tag_of_many_items_is_renamed_by_a_job_with_progress()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        await api.Store.ChangeAsync(
            [],
            _ => new MediaAspire.Core.Media.MediaDecision<bool>(true)
            {
                Created = [.. Enumerable.Range(0, TagRenamer.MaxAtOnce + 1).Select(i => NewMedia.Of("a", $"{i}") with { Tags = ["x"] })],
            },
            CancellationToken.None);

        using var response = await api.SendAsync("PATCH", "/tags/x?owner=a", """{"name": "y"}""");
        Assert.Equal(202, (int)response.StatusCode);
        var progress = await api.ExpectAsync(200, null, "GET", response.Headers.Location!.ToString());
        Assert.Equal((501L, 0L), (progress.GetProperty("total").GetInt64(), progress.GetProperty("done").GetInt64()));
        await api.ExpectAsync(404, "tag-change-not-found", "GET", response.Headers.Location.ToString(), key: await api.CreateKeyAsync("b"));
    }

    [Theory]
    [InlineData("GET", "/tags/123456789012345678901", null, "tag-invalid")]
    [InlineData("GET", "/tags/a,b", null, "tag-invalid")]
    [InlineData("GET", "/tags/%EF%BF%BE", null, "tag-invalid")]
    [InlineData("GET", "/tags?prefix=a,b", null, "tag-invalid")]
    [InlineData("GET", "/tags?after=%00", null, "tag-invalid")]
    [InlineData("GET", "/tags?limit=0", null, "limit-invalid")]
    [InlineData("GET", "/tags?limit=1001", null, "limit-invalid")]
    [InlineData("GET", "/tags?owner=%00", null, "media-owner-invalid")]
    [InlineData("POST", "/tags", """{"name": "x"}""", "media-owner-required")]
    [InlineData("POST", "/tags", """{"name": "", "owner": "a"}""", "tag-invalid")]
    [InlineData("POST", "/tags", """{"name": "a，b", "owner": "a"}""", "tag-invalid")]
    [InlineData("POST", "/tags", """{"owner": "a"}""", "json-malformed")]
    [InlineData("PATCH", "/tags/x?owner=a", """{"name": "Ｘ"}""", "tag-unchanged")]
    [InlineData("PATCH", "/tags/x", """{"name": "y"}""", "media-owner-required")]
    [InlineData("DELETE", "/tags/x", null, "media-owner-required")]
    public async Task A_request_that_breaks_a_rule_is_refused(string method, string path, string? body, string code)
    {
        await using var api = await MediaApi.StartAsync(postgres);

        await api.ExpectAsync(400, code, method, path, body);
    }

    [Fact]
    public async Task Keys_act_for_their_owner_only()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var (key, reader) = (await api.CreateKeyAsync("a"), await api.CreateKeyAsync("a", "media:read"));

        await api.ExpectAsync(201, null, "POST", "/tags", """{"name": "x"}""", key);
        await api.ExpectAsync(403, "owner-forbidden", "POST", "/tags", """{"name": "x", "owner": "b"}""", key);
        await api.ExpectAsync(403, "owner-forbidden", "GET", "/tags?owner=b", key: key);
        await api.ExpectAsync(403, "owner-forbidden", "DELETE", "/tags/x?owner=b", key: key);
        await api.ExpectAsync(403, "scope-missing", "DELETE", "/tags/x", key: reader);
        await api.ExpectAsync(200, null, "GET", "/tags/x", key: reader);
        await api.ExpectAsync(401, "api-key-required", "GET", "/tags", key: MediaApi.Nobody);
    }

    private static IEnumerable<(string, long)> List(System.Text.Json.JsonElement page) =>
        page.GetProperty("tags").EnumerateArray()
            .Select(tag => (tag.GetProperty("name").GetString()!, tag.GetProperty("count").GetInt64()));
}
