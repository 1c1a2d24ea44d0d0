using System.Net;
using System.Text.Json;
using MediaAspire.Core.Media;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Api.Media;

/// <summary>Links by which anyone downloads an item.</summary>
public sealed class ShareEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_link_needs_no_key_and_goes_to_the_bytes_until_it_is_ended()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "film"));
        var share = await ShareAsync(api, item, new { expiresIn = 3600, name = "For Ada.mp4" });
        var url = share.GetProperty("url").GetString()!;
        Assert.Matches("^/shares/[A-Za-z0-9]{43}$", url);

        using (var opened = await api.SendAsync("GET", url, key: MediaApi.Nobody))
        {
            Assert.Equal(HttpStatusCode.TemporaryRedirect, opened.StatusCode);
            Assert.Contains(item.Parts[0].ObjectKey, opened.Headers.Location!.ToString(), StringComparison.Ordinal);
            Assert.Contains("For%20Ada", Uri.UnescapeDataString(opened.Headers.Location.Query), StringComparison.Ordinal);
            Assert.True(opened.Headers.CacheControl!.NoStore);
            Assert.Equal("noindex", opened.Headers.GetValues("X-Robots-Tag").Single());
        }

        var listed = (await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/shares")).GetProperty("shares");
        var one = Assert.Single(listed.EnumerateArray());
        Assert.Equal(("root", "For Ada.mp4"), (one.GetProperty("createdBy").GetString(), one.GetProperty("name").GetString()));
        Assert.False(one.TryGetProperty("url", out _));
        await api.ExpectAsync(204, null, "DELETE", $"/media/{item.Id}/shares/{one.GetProperty("id").GetString()}");
        await api.ExpectAsync(404, "share-not-found", "DELETE", $"/media/{item.Id}/shares/{one.GetProperty("id").GetString()}");
        await api.ExpectAsync(404, "share-not-found", "GET", url, key: MediaApi.Nobody);
    }

    [Fact]
    public async Task A_link_never_outlives_its_time_nor_does_the_address_of_the_object()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "film"));
        var url = (await ShareAsync(api, item, new { expiresIn = 60 })).GetProperty("url").GetString()!;

        using (var opened = await api.SendAsync("GET", url, key: MediaApi.Nobody))
        {
            var signed = System.Web.HttpUtility.ParseQueryString(opened.Headers.Location!.Query);
            Assert.InRange(int.Parse(signed["X-Amz-Expires"]!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        }

        await RunAsync("UPDATE media_shares SET expires_at = now()");
        await api.ExpectAsync(404, "share-not-found", "GET", url, key: MediaApi.Nobody);
        Assert.Equal(0, (await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/shares")).GetProperty("shares").GetArrayLength());
    }

    [Theory]
    [InlineData("removed_at = now()")]
    [InlineData("status = 5")]
    public async Task An_item_in_the_trash_or_broken_is_not_shared_any_more(string change)
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "film"));
        var url = (await ShareAsync(api, item, new { expiresIn = 3600 })).GetProperty("url").GetString()!;

        await RunAsync($"UPDATE media SET {change}");

        await api.ExpectAsync(404, "share-not-found", "GET", url, key: MediaApi.Nobody);
    }

    [Fact]
    public async Task Links_go_with_their_item()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "film"));
        var url = (await ShareAsync(api, item, new { expiresIn = 3600 })).GetProperty("url").GetString()!;

        await api.ExpectAsync(204, null, "DELETE", $"/media/{item.Id}");

        await api.ExpectAsync(404, "share-not-found", "GET", url, key: MediaApi.Nobody);
        await using var command = postgres.Database.CreateCommand("SELECT count(*) FROM media_shares");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Another_owner_and_a_reader_share_nothing_even_when_the_item_is_public()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("alice", "film") with { IsPublic = true });
        var bob = await api.CreateKeyAsync("bob");
        var reader = await api.CreateKeyAsync("alice", "read");

        foreach (var (method, path) in new[] { ("POST", "shares"), ("GET", "shares"), ("DELETE", $"shares/{Guid.Empty}") })
        {
            using var foreign = await api.SendAsync(method, $"/media/{item.Id}/{path}", new { expiresIn = 3600 }, bob);
            Assert.True(foreign.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{foreign.StatusCode}");
            await api.ExpectAsync(403, "scope-missing", method, $"/media/{item.Id}/{path}", new { expiresIn = 3600 }, reader);
            await api.ExpectAsync(401, "api-key-required", method, $"/media/{item.Id}/{path}", new { expiresIn = 3600 }, MediaApi.Nobody);
        }
    }

    [Fact]
    public async Task All_links_are_listed_page_by_page_and_an_owner_sees_those_of_its_own_items()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var (first, second) = (await api.CreateAsync(NewMedia.Of("alice", "film")), await api.CreateAsync(NewMedia.Of("bob", "song")));
        foreach (var item in new[] { first, second, first })
        {
            await ShareAsync(api, item, new { expiresIn = 3600 });
        }

        var alice = await api.CreateKeyAsync("alice");
        var own = await api.ExpectAsync(200, null, "GET", "/media/shares", key: alice);
        Assert.Equal(2, own.GetProperty("shares").GetArrayLength());
        Assert.All(own.GetProperty("shares").EnumerateArray(), share => Assert.Equal(
            (first.Id.ToString(), first.Name, "alice"),
            (share.GetProperty("media").GetString(), share.GetProperty("mediaName").GetString(), share.GetProperty("owner").GetString())));

        var found = new List<string?>();
        for (string? after = ""; after is not null;)
        {
            var page = await api.ExpectAsync(200, null, "GET", $"/media/shares?limit=1{(after.Length == 0 ? "" : $"&after={after}")}");
            found.AddRange(page.GetProperty("shares").EnumerateArray().Select(share => share.GetProperty("media").GetString()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        // Ids of one millisecond have no order.
        Assert.Equal(
            new[] { first.Id.ToString(), first.Id.ToString(), second.Id.ToString() }.Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal));

        await RunAsync("UPDATE media_shares SET expires_at = now()");
        await ShareAsync(api, second, new { expiresIn = 3600 });
        await using var command = postgres.Database.CreateCommand("SELECT count(*) FROM media_shares");
        Assert.Equal(1L, await command.ExecuteScalarAsync());
        Assert.Equal(0, (await api.ExpectAsync(200, null, "GET", "/media/shares", key: alice)).GetProperty("shares").GetArrayLength());
    }

    [Theory]
    [InlineData("?limit=0", "limit-out-of-range")]
    [InlineData("?limit=1001", "limit-out-of-range")]
    [InlineData("?after=x", "after-invalid")]
    public async Task A_wrong_page_of_all_links_is_refused(string query, string code)
    {
        await using var api = await MediaApi.StartAsync(postgres);

        await api.ExpectAsync(400, code, "GET", "/media/shares" + query);
        await api.ExpectAsync(401, "api-key-required", "GET", "/media/shares", key: MediaApi.Nobody);
        await api.ExpectAsync(403, "scope-missing", "GET", "/media/shares", key: await api.CreateKeyAsync("alice", "read"));
    }

    [Theory]
    [InlineData("""{"expiresIn":59}""", "field-invalid")]
    [InlineData("""{"expiresIn":31622401}""", "field-invalid")]
    [InlineData("""{}""", "field-invalid")]
    [InlineData("""{"expiresIn":3600,"name":""}""", "field-invalid")]
    [InlineData("""{"expiresIn":3600,"name":"a\nb"}""", "field-invalid")]
    public async Task A_wrong_request_is_refused(string body, string code)
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "film"));

        await api.ExpectAsync(400, code, "POST", $"/media/{item.Id}/shares", body);
    }

    [Fact]
    public async Task Guesses_open_nothing_and_are_refused_with_429_after_a_while()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "film"));
        var url = (await ShareAsync(api, item, new { expiresIn = 3600 })).GetProperty("url").GetString()!;
        string[] guesses =
            [url[..^1], url + "a", url[..^1] + (url[^1] == 'x' ? 'y' : 'x'), "/shares/x", "/shares/..%2fmedia"];
        foreach (var guess in guesses)
        {
            using var guessed = await api.SendAsync("GET", guess, key: MediaApi.Nobody);
            Assert.Equal(HttpStatusCode.NotFound, guessed.StatusCode);
        }

        HttpStatusCode last;
        var count = 0;
        do
        {
            using var guessed = await api.SendAsync("GET", "/shares/x", key: MediaApi.Nobody);
            last = guessed.StatusCode;
        }
        while (last == HttpStatusCode.NotFound && ++count < 200);

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task A_copy_of_the_database_opens_nothing()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "film"));
        var url = (await ShareAsync(api, item, new { expiresIn = 3600 })).GetProperty("url").GetString()!;

        await using var command = postgres.Database.CreateCommand("SELECT string_agg(s::text, '') FROM media_shares s");

        Assert.DoesNotContain(url["/shares/".Length..], (string)(await command.ExecuteScalarAsync())!, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ShareAsync(MediaApi api, MediaItem item, object request) =>
        await api.ExpectAsync(201, null, "POST", $"/media/{item.Id}/shares", request);

    private async Task RunAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
