using System.Net;
using System.Text.Json;
using MediaAspire.Core.Media;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Api.Media;

public sealed class ItemEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_item_is_read_by_id_and_alias_with_signed_addresses_and_its_version_as_tag()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a b/ü", "one", "x", "y") with { Alias = new("sun set"), Tags = ["t"] });

        using var response = await api.SendAsync("GET", $"/media/{item.Id}");
        var found = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("\"1\"", response.Headers.ETag?.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(item.Id.ToString(), found.GetProperty("id").GetString());
        Assert.Equal(2, found.GetProperty("parts").GetArrayLength());
        var download = found.GetProperty("parts")[1].GetProperty("download");
        Assert.Contains(item.Parts[1].ObjectKey, download.GetProperty("url").GetString()!, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Signature=", download.GetProperty("url").GetString()!, StringComparison.Ordinal);
        Assert.InRange(
            download.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(),
            TimeSpan.FromHours(2.9),
            TimeSpan.FromHours(3));

        var byAlias = await api.ExpectAsync(200, null, "GET", "/media/by-alias/a%20b%2F%C3%BC/sun%20set");
        Assert.Equal(item.Id.ToString(), byAlias.GetProperty("id").GetString());
        await api.ExpectAsync(404, "media-not-found", "GET", "/media/by-alias/a/sun%20set");
        await api.ExpectAsync(304, null, "GET", $"/media/{item.Id}", headers: ("If-None-Match", "\"0\", W/\"1\""));
        await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}", headers: ("If-None-Match", "\"2\""));
        Assert.Equal(1, (await api.FindAsync(item))!.Version);
    }

    [Fact]
    public async Task Public_items_need_no_key_and_private_ones_that_of_their_owner()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one") with { Alias = new("x") });
        var open = await api.CreateAsync(NewMedia.Of("a", "two") with { Alias = new("y"), IsPublic = true });
        var (mine, others, files) = (
            await api.CreateKeyAsync("a"), await api.CreateKeyAsync("b"), await api.CreateKeyAsync(null, "files:read"));

        foreach (var path in new[] { "", "/links", "/download" })
        {
            var status = path == "/download" ? 307 : 200;
            await api.ExpectAsync(status, null, "GET", $"/media/{item.Id}{path}", key: mine);
            await api.ExpectAsync(status, null, "GET", $"/media/{open.Id}{path}", key: MediaApi.Nobody);
            await api.ExpectAsync(status, null, "GET", $"/media/{open.Id}{path}", key: others);
            await api.ExpectAsync(401, "api-key-required", "GET", $"/media/{item.Id}{path}", key: MediaApi.Nobody);
            await api.ExpectAsync(403, "owner-forbidden", "GET", $"/media/{item.Id}{path}", key: others);
            await api.ExpectAsync(403, "scope-missing", "GET", $"/media/{open.Id}{path}", key: files);
            await api.ExpectAsync(
                401, "api-key-invalid", "GET", $"/media/{open.Id}{path}", key: mine[..^1] + (mine[^1] == 'x' ? 'y' : 'x'));
            await api.ExpectAsync(404, "media-not-found", "GET", $"/media/{Guid.CreateVersion7()}{path}", key: others);
        }

        await api.ExpectAsync(200, null, "GET", "/media/by-alias/a/y", key: MediaApi.Nobody);
        await api.ExpectAsync(401, "api-key-required", "GET", "/media/by-alias/a/x", key: MediaApi.Nobody);
        await api.ExpectAsync(403, "owner-forbidden", "GET", "/media/by-alias/a/x", key: others);
        await api.ExpectAsync(401, "api-key-required", "GET", "/media/by-alias/a/zzz", key: MediaApi.Nobody);
        await api.ExpectAsync(403, "owner-forbidden", "GET", "/media/by-alias/a/zzz", key: others);
        await api.ExpectAsync(401, "api-key-required", "GET", $"/media/{open.Id}/data?fields=name", key: MediaApi.Nobody);
        await api.ExpectAsync(403, "owner-forbidden", "GET", $"/media/{item.Id}?owner=b", key: mine);
        await api.ExpectAsync(403, "owner-forbidden", "GET", $"/media/{item.Id}?owner=b");
        await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}?owner=a");
    }

    [Fact]
    public async Task An_owner_bound_key_changes_nothing_of_another_owner()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one") with { IsPublic = true, Tags = ["t"] });
        var key = await api.CreateKeyAsync("b");
        var reader = await api.CreateKeyAsync("a", "media:read");

        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("PATCH", "", """{"name": "x"}"""), ("POST", "/tags", """{"tags": ["x"]}"""), ("DELETE", "/tags/t", null),
            ("PUT", "/access", """{"public": false}"""), ("DELETE", "", null), ("DELETE", "?soft=true", null), ("POST", "/restore", null),
            ("POST", "/clone", "{}"),
        })
        {
            await api.ExpectAsync(403, "owner-forbidden", method, $"/media/{item.Id}{path}", body, key);
            await api.ExpectAsync(403, "scope-missing", method, $"/media/{item.Id}{path}", body, reader);
            await api.ExpectAsync(401, "api-key-required", method, $"/media/{item.Id}{path}", body, MediaApi.Nobody);
            await api.ExpectAsync(400, "media-id-invalid", method, $"/media/x{path}", body, key);
        }

        Assert.Equal(1, (await api.FindAsync(item))!.Version);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%ED%A0%80")]
    [InlineData("%FF")]
    [InlineData("%EF%BF%BE")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("%D9%A0%D9%A1936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55")]
    [InlineData("{01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55}")]
    [InlineData("01936f3e9c5a7cc18f1e3a1d8b0c4e55")]
    [InlineData("%E2%80%AE01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55")]
    public async Task Ids_of_every_shape_are_refused(string id)
    {
        await using var api = await MediaApi.StartAsync(postgres);

        await api.ExpectAsync(400, "media-id-invalid", "GET", $"/media/{id}");
        await api.ExpectAsync(401, "api-key-required", "GET", $"/media/{id}", key: MediaApi.Nobody);
        await api.ExpectAsync(400, "media-id-invalid", "DELETE", $"/media/{id}");
    }

    [Theory]
    [InlineData("a", "%C3%A9", "media-alias-invalid")]
    [InlineData("a", "%20", "media-alias-invalid")]
    [InlineData("a", "a%2Fb", "media-alias-invalid")]
    [InlineData("a", "%EF%BD%81", "media-alias-invalid")]
    [InlineData("a", "a%E2%80%8Bb", "media-alias-invalid")]
    [InlineData("%EF%BF%BE", "a", "media-owner-invalid")]
    public async Task Aliases_and_owners_of_every_shape_are_refused(string owner, string alias, string code)
    {
        await using var api = await MediaApi.StartAsync(postgres);

        await api.ExpectAsync(400, code, "GET", $"/media/by-alias/{owner}/{alias}");
        await api.ExpectAsync(401, "api-key-required", "GET", $"/media/by-alias/{owner}/{alias}", key: MediaApi.Nobody);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%b")]
    [InlineData("a?b#c")]
    [InlineData("日本 😀")]
    [InlineData(" + ")]
    public async Task Owners_with_any_characters_are_found_by_their_encoded_names(string owner)
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of(owner, "one") with { Alias = new("x") });

        var found = await api.ExpectAsync(200, null, "GET", $"/media/by-alias/{Uri.EscapeDataString(owner)}/x");

        Assert.Equal(item.Id.ToString(), found.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Chosen_fields_come_with_the_id()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one") with { Tags = ["t"] });

        var data = await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/data?fields=name,%20tags,alias");
        Assert.Equal(["id", "name", "tags"], data.EnumerateObject().Select(field => field.Name));

        await api.ExpectAsync(400, "field-unknown", "GET", $"/media/{item.Id}/data?fields=name,secret");
        await api.ExpectAsync(400, "field-unknown", "GET", $"/media/{item.Id}/data");
    }

    [Fact]
    public async Task Aliases_are_found_in_the_order_of_the_question()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var one = await api.CreateAsync(NewMedia.Of("a", "one") with { Alias = new("x") });
        await api.CreateAsync(NewMedia.Of("b", "two"));

        var found = await api.ExpectAsync(200, null, "POST", "/media/head", """{"owner": "a", "aliases": ["y", "x", "x", " x "]}""");
        Assert.Equal([null, $"{one.Id}", $"{one.Id}", $"{one.Id}"], found.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
        found = await api.ExpectAsync(200, null, "POST", "/media/head", """{"owner": "a", "aliases": ["none"]}""");
        Assert.Equal(JsonValueKind.Null, found.GetProperty("ids")[0].ValueKind);

        await api.ExpectAsync(404, "aliases-not-found", "POST", "/media/head", """{"owner": "b", "aliases": ["x"]}""");
        await api.ExpectAsync(400, "media-owner-required", "POST", "/media/head", """{"aliases": ["x"]}""");
        await api.ExpectAsync(200, null, "POST", "/media/head", """{"aliases": ["x"]}""", await api.CreateKeyAsync("a"));
        await api.ExpectAsync(
            403, "owner-forbidden", "POST", "/media/head", """{"owner": "b", "aliases": ["x"]}""", await api.CreateKeyAsync("c"));
        await api.ExpectAsync(400, "field-invalid", "POST", "/media/head", """{"owner": "a", "aliases": ["é"]}""");
        await api.ExpectAsync(400, "field-invalid", "POST", "/media/head", """{"owner": "a", "aliases": [null]}""");
        await api.ExpectAsync(
            400, "field-invalid", "POST", "/media/head", new { owner = "a", aliases = Enumerable.Repeat("x", 1001) });
    }

    [Fact]
    public async Task Links_have_a_counter_for_each_extension_and_gzip_as_txt()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = NewMedia.Of("a", "x/ü", "1", "2", "3", "4");
        string[] types = ["image/jpeg", "application/gzip", "image/jpeg; charset=x", "text/plain"];
        item = await api.CreateAsync(item with
        {
            Parts = [.. item.Parts.Select((part, i) => part with { ContentType = types[i], Type = i < 2 ? "main" : "preview" })],
        });

        var links = await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/links");
        Assert.Equal(["id", "name", "files", "urls", "owner", "expiresAt"], links.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["x_ü_1.jpg", "x_ü_1.txt", "x_ü_2.jpg", "x_ü_2.txt"],
            links.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("filename").GetString()));
        Assert.Contains("x_%25C3%25BC_2.jpg", links.GetProperty("urls")[2].GetString()!, StringComparison.OrdinalIgnoreCase);

        links = await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/links?types=preview,other");
        Assert.Equal(
            ["x_ü_2.jpg", "x_ü_2.txt"],
            links.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("filename").GetString()));
        links = await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/links?types=none");
        Assert.Equal(0, links.GetProperty("urls").GetArrayLength());

        await api.Store.ChangeAsync(
            [item.Id],
            set => new MediaDecision<bool>(true) { Changed = [set.Find(item.Id)! with { Status = MediaStatus.Uploaded }] },
            CancellationToken.None);
        await api.ExpectAsync(412, "media-not-ready", "GET", $"/media/{item.Id}/links");
        await api.ExpectAsync(412, "media-not-ready", "GET", $"/media/{item.Id}/download");
    }

    [Theory]
    [InlineData("plain", "filename=plain.txt; filename*=UTF-8''plain.txt")]
    [InlineData("note.TXT", "filename=note.TXT; filename*=UTF-8''note.TXT")]
    [InlineData("a \"b\"; c", "filename*=UTF-8''a%20%22b%22%3B%20c.txt")]
    [InlineData("日本 😀", "filename*=UTF-8''%E6%97%A5%E6%9C%AC%20%F0%9F%98%80.txt")]
    [InlineData("../../a\\b", "filename*=UTF-8''.._.._a_b.txt")]
    [InlineData("\u202Etxt.exe", "filename*=UTF-8''%E2%80%AEtxt.exe.txt")]
    public async Task Downloads_are_saved_under_names_of_every_Unicode_shape(string name, string expected)
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", name));

        Assert.EndsWith(expected, await DispositionAsync(""), StringComparison.Ordinal);
        Assert.EndsWith(
            expected.Replace(".txt", "", StringComparison.Ordinal),
            (await DispositionAsync("?rename=" + Uri.EscapeDataString(name))).Replace(".txt", "", StringComparison.Ordinal),
            StringComparison.Ordinal);

        async Task<string> DispositionAsync(string query)
        {
            using var response = await api.SendAsync("GET", $"/media/{item.Id}/download{query}");
            Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
            var signed = System.Web.HttpUtility.ParseQueryString(response.Headers.Location!.Query);
            return Assert.IsType<string>(signed["response-content-disposition"]);
        }
    }

    [Fact]
    public async Task A_part_is_chosen_by_its_number()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one", "x", "y"));

        using var response = await api.SendAsync("GET", $"/media/{item.Id}/download?part=2");
        Assert.Contains(item.Parts[1].ObjectKey, response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("one_2.txt", response.Headers.Location.ToString(), StringComparison.Ordinal);
        await api.ExpectAsync(404, "part-not-found", "GET", $"/media/{item.Id}/download?part=3");
        await api.ExpectAsync(400, "request-malformed", "GET", $"/media/{item.Id}/download?part=x");
        await api.ExpectAsync(400, "field-invalid", "GET", $"/media/{item.Id}/download?rename=a%0Ab");
    }
}
