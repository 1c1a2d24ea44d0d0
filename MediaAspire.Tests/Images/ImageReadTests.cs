using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Core.Images;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Images;

public sealed class ImageReadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Content = "30x20 0123456789";

    private ImageWorld _world = null!;

    [Theory]
    [InlineData("Chunks")]
    [InlineData("S3")]
    public async Task Ranges_conditions_and_caching_are_the_same_in_both_stores(string store)
    {
        await RestartAsync(("Images:Store", store));
        var (alias, _) = await _world.UploadAsync(Content);
        Assert.Equal(store == "S3" ? 1 : 0, _world.Objects.Keys.Count(key => ImageKeys.TryParse(key, out _)));
        Assert.Equal(store == "S3" ? 0 : 1, await _world.CountFilesAsync());

        using var whole = await _world.SendAsync(HttpMethod.Get, $"/images/{alias}");
        Assert.Equal(Content, await whole.Content.ReadAsStringAsync());
        Assert.Equal("image/jpeg", whole.Content.Headers.ContentType?.ToString());
        Assert.Equal("private, max-age=604800, immutable", whole.Headers.NonValidated["Cache-Control"].ToString());
        Assert.Equal(["bytes"], whole.Headers.AcceptRanges);
        Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.NotNull(whole.Content.Headers.LastModified);

        Assert.Equal((206, "0123", "bytes 6-9/16"), await RangeAsync(_world, alias, "bytes=6-9"));
        Assert.Equal((206, "89", "bytes 14-15/16"), await RangeAsync(_world, alias, "bytes=-2"));
        Assert.Equal((206, "9", "bytes 15-15/16"), await RangeAsync(_world, alias, "bytes=15-400"));
        Assert.Equal((200, Content, null), await RangeAsync(_world, alias, "bytes=0-1,3-4"));
        Assert.Equal((416, null, "bytes */16"), await RangeAsync(_world, alias, "bytes=16-"));

        using var head = await _world.SendAsync(HttpMethod.Head, $"/images/{alias}");
        Assert.Equal((HttpStatusCode.OK, 16), (head.StatusCode, head.Content.Headers.ContentLength));
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/images/{alias}");
        again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var unchanged = await _world.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var since = new HttpRequestMessage(HttpMethod.Get, $"/images/{alias}");
        since.Headers.IfModifiedSince = whole.Content.Headers.LastModified;
        using var unmodified = await _world.Client.SendAsync(since);
        Assert.Equal(HttpStatusCode.NotModified, unmodified.StatusCode);
    }

    [Fact]
    public async Task Details_and_blurhash_are_those_of_the_image()
    {
        var (alias, _) = await _world.UploadAsync("30x20 moving png");
        var details = await _world.Client.GetFromJsonAsync<JsonElement>($"/images/{alias}/details");
        Assert.Equal((30, 10, "image/png"), (details.GetProperty("width").GetInt32(), details.GetProperty("frames").GetInt32(),
            details.GetProperty("content_type").GetString()));
        var blurhash = await _world.Client.GetFromJsonAsync<JsonElement>($"/images/{alias}/blurhash");
        Assert.Equal("LEHV6nWB2yk8pyo0adR*.7kCMdnj", blurhash.GetProperty("blurhash").GetString());
        var (blurless, _) = await _world.UploadAsync("30x20 blurless");
        Assert.Equal((404, "blurhash-not-found"), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{blurless}/blurhash"));
    }

    [Fact]
    public async Task An_alias_that_does_not_exist_is_answered_so()
    {
        foreach (var (alias, expected) in new (string, (int, string?))[]
        {
            ("missing.jpg", (404, "alias-not-found")),
            ("missing", (400, "alias-invalid")),
            ("a%2Fb.jpg", (400, "alias-invalid")),
            ("..%2F.jpg", (400, "alias-invalid")),
        })
        {
            foreach (var path in new[] { "", "/details", "/blurhash" })
            {
                Assert.Equal((alias, expected), (alias, await _world.OutcomeAsync(HttpMethod.Get, $"/images/{alias}{path}")));
            }
        }
    }

    [Fact]
    public async Task The_chosen_image_is_sent_with_404_for_one_that_does_not_exist()
    {
        var (alias, token) = await _world.UploadAsync("3x2 not found");
        Assert.Equal((404, "alias-not-found"), await PutNotFoundAsync("missing.jpg"));
        Assert.Equal((200, null), await PutNotFoundAsync(alias));

        using (var standIn = await _world.SendAsync(HttpMethod.Get, "/images/missing.jpg"))
        {
            Assert.Equal(HttpStatusCode.NotFound, standIn.StatusCode);
            Assert.Equal("image/jpeg", standIn.Content.Headers.ContentType?.ToString());
            Assert.Equal("no-store", standIn.Headers.NonValidated["Cache-Control"].ToString());
            Assert.Equal("3x2 not found", await standIn.Content.ReadAsStringAsync());
        }

        // Without the image the problem is sent again.
        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{alias}?token={token}"));
        Assert.Equal((404, "alias-not-found"), await _world.OutcomeAsync(HttpMethod.Get, "/images/missing.jpg"));
        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, "/admin/images/not-found"));
        Assert.Equal((404, "not-found-image-unset"), await _world.OutcomeAsync(HttpMethod.Delete, "/admin/images/not-found"));
    }

    [Fact]
    public async Task Without_a_key_an_image_is_read_only_where_reads_are_public()
    {
        var (alias, token) = await _world.UploadAsync(Content);
        Assert.Equal(401, (await _world.OutcomeAsync(HttpMethod.Get, $"/images/{alias}", scopes: "none")).Status);
        Assert.Equal(403, (await _world.OutcomeAsync(HttpMethod.Get, $"/images/{alias}", scopes: "files:read")).Status);
        Assert.Equal((200, null), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{alias}", scopes: "images:read"));

        // The token is the right to delete, whatever key is sent with it.
        Assert.Equal(401, (await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{alias}", scopes: "none")).Status);
        Assert.Equal(
            (403, "invalid-delete-token"), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{alias}?token=wrong", scopes: "none"));
        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{alias}?token={token}", scopes: "none"));

        await RestartAsync(("Images:PublicReads", "true"));
        (alias, _) = await _world.UploadAsync(Content);
        using var response = await _world.SendAsync(HttpMethod.Get, $"/images/{alias}", scopes: "none");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=604800, immutable", response.Headers.NonValidated["Cache-Control"].ToString());
    }

    [Fact]
    public async Task A_key_of_an_owner_sees_lists_and_deletes_only_its_aliases()
    {
        await _world.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'A'), ('bob', 'B')");
        var (mine, _) = await _world.UploadAsync(Content, "alice");
        var (other, _) = await _world.UploadAsync(Content, "bob");
        var (free, _) = await _world.UploadAsync(Content);

        Assert.Equal((404, "alias-not-found"), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{other}", "alice"));
        Assert.Equal((200, null), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{free}", "alice"));
        Assert.Equal((404, "alias-not-found"), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{other}", "alice"));
        Assert.Equal((403, "invalid-delete-token"), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{free}", "alice"));
        Assert.Equal([mine], await ListAsync("", "alice"));
        Assert.Equal([free], await ListAsync("", null));
        Assert.Equal([other], await ListAsync("?owner=bob", null));
        Assert.Equal((403, "owner-forbidden"), await _world.OutcomeAsync(HttpMethod.Get, "/images?owner=bob", "alice"));
        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{mine}", "alice"));
        Assert.Equal([], await ListAsync("", "alice"));
        Assert.Equal((200, null), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{other}", "bob"));
    }

    [Fact]
    public async Task A_list_is_walked_page_by_page_the_newest_first()
    {
        var aliases = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            aliases.Add((await _world.UploadAsync($"3x2 {i}")).Alias);
        }

        aliases.Reverse();
        var walked = new List<string>();
        string? after = null;
        do
        {
            var page = await _world.Client.GetFromJsonAsync<JsonElement>($"/images?limit=2{(after is null ? "" : $"&after={after}")}");
            walked.AddRange(page.GetProperty("aliases").EnumerateArray().Select(each => each.GetProperty("alias").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);

        Assert.Equal(aliases, walked);
        Assert.Equal((400, "query-invalid"), await _world.OutcomeAsync(HttpMethod.Get, "/images?after=x"));
        Assert.Equal((400, "query-invalid"), await _world.OutcomeAsync(HttpMethod.Get, "/images?limit=0"));
    }

    [Fact]
    public async Task A_blob_that_has_moved_meanwhile_is_read_from_its_new_place()
    {
        var (alias, _) = await _world.UploadAsync(Content);
        Assert.True(ImageAlias.TryParse(alias, out var parsed));
        var before = (await _world.Catalog.FindAsync(parsed, default))!.Image.Blob;
        var key = ImageKeys.New(before.Id);
        _world.Objects.Upload(key, System.Text.Encoding.UTF8.GetBytes(Content));
        await _world.ExecuteAsync("UPDATE image_blobs SET file_id = NULL, object_key = $1", key);
        await _world.ExecuteAsync("DELETE FROM files");

        // The chunks were looked up before the move, and the file is gone.
        await using (var range = await _world.Blobs.OpenAsync(before with { Stored = null }, 0, before.Size, default))
        {
            using var bytes = new MemoryStream();
            var writer = System.IO.Pipelines.PipeWriter.Create(bytes);
            await range.SendAsync(writer, default);
            await writer.CompleteAsync();
            Assert.Equal(Content, System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
        }

        _world.Objects.Remove(key);
        Assert.Equal((404, "lost-file"), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{alias}"));
    }

    public async Task InitializeAsync() => _world = await ImageWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    /// <summary>Starts another world in the place of the first, whose worker would take its jobs.</summary>
    private async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await _world.DisposeAsync();
        _world = await ImageWorld.StartAsync(postgres, settings);
    }

    private static async Task<(int Status, string? Content, string? Range)> RangeAsync(ImageWorld world, string alias, string range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/images/{alias}");
        request.Headers.Range = RangeHeaderValue.Parse(range);
        using var response = await world.Client.SendAsync(request);
        return (
            (int)response.StatusCode,
            response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : null,
            response.Content.Headers.ContentRange?.ToString());
    }

    private async Task<List<string>> ListAsync(string query, string? owner)
    {
        using var response = await _world.SendAsync(HttpMethod.Get, $"/images{query}", owner);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return [.. json.RootElement.GetProperty("aliases").EnumerateArray().Select(each => each.GetProperty("alias").GetString()!)];
    }

    private async Task<(int Status, string? Code)> PutNotFoundAsync(string alias)
    {
        using var content = JsonContent.Create(new { alias });
        using var response = await _world.SendAsync(HttpMethod.Put, "/admin/images/not-found", content: content);
        return await ImageWorld.OutcomeAsync(response);
    }
}
