using System.Net;
using System.Text;
using System.Text.Json;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Api.Media;

public sealed class SearchEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Both_forms_answer_pages_whose_cursors_lead_through_the_list()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var names = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            names.Add((await api.CreateAsync(NewMedia.Of("alice", $"film {i}", "x", "y") with { Tags = ["film"] })).Name);
        }

        await api.CreateAsync(NewMedia.Of("alice", "other"));

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await api.ExpectAsync(
                200, null, "GET", $"/media?owner=alice&tags=FILM&order=name&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.True(page.GetProperty("time").GetDouble() >= 0);
            Assert.False(page.TryGetProperty("pages", out _));
            seen.AddRange(Names(page));
            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(names, seen);
        var body = new { owner = "alice", tags = new[] { "film" }, order = "-name", limit = 3, size = new { gte = 2 } };
        var found = await api.ExpectAsync(200, null, "POST", "/media/search", body);
        Assert.Equal(["film 4", "film 3", "film 2"], Names(found));
        Assert.Equal(2, found.GetProperty("items")[0].GetProperty("parts").GetArrayLength());
    }

    [Fact]
    public async Task Pages_by_offset_are_numbered_and_an_empty_list_keeps_its_page()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        for (var i = 0; i < 5; i++)
        {
            await api.CreateAsync(NewMedia.Of("alice", $"film {i}"));
        }

        Assert.Equal(("4", 2, 3, 2), Page(await api.ExpectAsync(200, null, "GET", "/media?offset=2&limit=2")));
        Assert.Equal(("6", 3, 3, 1), Page(await api.ExpectAsync(200, null, "GET", "/media?offset=4&limit=2")));
        Assert.Equal(("35", 3, 0, 0), Page(await api.ExpectAsync(200, null, "GET", "/media?offset=25&owner=bob")));
    }

    [Fact]
    public async Task A_key_of_an_owner_lists_that_owner_alone_and_nobody_lists_without_a_key()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        await api.CreateAsync(NewMedia.Of("alice", "hers") with { IsPublic = true });
        await api.CreateAsync(NewMedia.Of("bob", "his") with { IsPublic = true });
        var (alice, bob) = (await api.CreateKeyAsync("alice"), await api.CreateKeyAsync("bob"));

        Assert.Equal(["hers"], Names(await api.ExpectAsync(200, null, "GET", "/media", key: alice)));
        Assert.Equal(["hers"], Names(await api.ExpectAsync(200, null, "GET", "/media?owner=alice&public=true", key: alice)));
        Assert.Equal(["his"], Names(await api.ExpectAsync(200, null, "POST", "/media/search", "{}", key: bob)));
        Assert.Empty(Names(await api.ExpectAsync(200, null, "GET", "/media?owner.ne=alice", key: alice)));
        Assert.Equal(["his", "hers"], Names(await api.ExpectAsync(200, null, "GET", "/media?public=true")));
        await api.ExpectAsync(403, "owner-forbidden", "GET", "/media?owner=bob", key: alice);
        await api.ExpectAsync(403, "owner-forbidden", "POST", "/media/search", """{"owner":{"eq":"bob"}}""", key: alice);
        await api.ExpectAsync(401, "api-key-required", "GET", "/media?public=true", key: MediaApi.Nobody);
        await api.ExpectAsync(401, "api-key-required", "POST", "/media/search", "{}", key: MediaApi.Nobody);
    }

    [Fact]
    public async Task A_cursor_of_another_owner_filter_or_order_is_refused_and_so_is_a_changed_one()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        await api.CreateAsync(NewMedia.Of("alice", "a"));
        await api.CreateAsync(NewMedia.Of("alice", "b"));
        var (alice, bob) = (await api.CreateKeyAsync("alice"), await api.CreateKeyAsync("bob"));
        var cursor = (await api.ExpectAsync(200, null, "GET", "/media?limit=1", key: alice)).GetProperty("cursor").GetString()!;

        Assert.Equal(["a"], Names(await api.ExpectAsync(200, null, "GET", $"/media?limit=10&cursor={cursor}", key: alice)));
        await api.ExpectAsync(400, "cursor-invalid", "GET", $"/media?cursor={cursor}", key: bob);
        await api.ExpectAsync(400, "cursor-invalid", "GET", $"/media?cursor={cursor}&order=name", key: alice);
        await api.ExpectAsync(400, "cursor-invalid", "GET", $"/media?cursor={cursor}&tags=x", key: alice);
        await api.ExpectAsync(400, "cursor-invalid", "GET", $"/media?cursor={(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}", key: alice);
        await api.ExpectAsync(400, "cursor-invalid", "POST", "/media/search", """{"cursor":"' OR 1=1; --"}""", key: alice);
    }

    [Fact]
    public async Task A_wrong_filter_is_a_400_that_names_the_field()
    {
        await using var api = await MediaApi.StartAsync(postgres);

        var problem = await api.ExpectAsync(400, "filter-field-unknown", "GET", "/media?colour=red");
        Assert.Equal("colour", problem.GetProperty("field").GetString());
        problem = await api.ExpectAsync(400, "filter-operator-invalid", "POST", "/media/search", """{"kind":{"gt":"image"}}""");
        Assert.Equal("kind", problem.GetProperty("field").GetString());
        await api.ExpectAsync(400, "filter-repeated", "GET", "/media?size=1&size=2");
        await api.ExpectAsync(400, "filter-repeated", "GET", "/media?tags=a&Tags=b");
        await api.ExpectAsync(400, "filter-json-invalid", "POST", "/media/search", "[]");
        using var text = new StringContent("{}", Encoding.UTF8, "text/plain");
        await api.ExpectAsync(415, "media-type-unsupported", "POST", "/media/search", text);
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(10 * 1024 * 1024)]
    public async Task A_filter_of_too_many_bytes_is_a_400(int bytes)
    {
        await using var api = await MediaApi.StartAsync(postgres);

        using var response = await api.SendAsync("POST", "/media/search", $$"""{"owner":"{{new string('a', bytes)}}"}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("filter-too-large", problem.GetProperty("code").GetString());
    }

    private static List<string> Names(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];

    private static (string Cursor, int Page, int Pages, int Items) Page(JsonElement page) => (
        page.GetProperty("cursor").GetString()!, page.GetProperty("page").GetInt32(), page.GetProperty("pages").GetInt32(),
        page.GetProperty("items").GetArrayLength());
}
