using System.Net;
using System.Text.Json;
using MediaAspire.Core.Media;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Api.Media;

public sealed class ItemChangeEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_change_sets_what_was_sent_and_answers_with_the_item()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one") with { Description = "d", Player = """{"a": 1}""" });

        var changed = await api.ExpectAsync(200, null, "PATCH", $"/media/{item.Id}", """
            {"name": "two", "alias": "x", "tags": ["A", "ａ", "b"], "description": "", "player": {"b": [1, null]}, "width": 3, "height": 4,
             "custom": {"c_a": "x", "c_b": 0.5}, "website": "https://example.org/", "directOnly": true, "categories": ["c"]}
            """);

        Assert.Equal("two", changed.GetProperty("name").GetString());
        Assert.Equal(["a", "b"], changed.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.False(changed.TryGetProperty("description", out _));
        Assert.Equal("""{"a":1,"b":[1,null]}""", changed.GetProperty("player").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(2, changed.GetProperty("version").GetInt64());
        Assert.True(changed.GetProperty("parts")[0].TryGetProperty("download", out _));
        Assert.Equal("x", (await api.FindAsync(item))!.Alias?.Value);
        var unchanged = await api.ExpectAsync(200, null, "PATCH", $"/media/{item.Id}", """{"alias": "x"}""");
        Assert.Equal(2, unchanged.GetProperty("version").GetInt64());
        Assert.False((await api.ExpectAsync(200, null, "PATCH", $"/media/{item.Id}", """{"alias": ""}""")).TryGetProperty("alias", out _));
    }

    [Fact]
    public async Task An_alias_of_another_item_is_a_conflict_that_names_it()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var taken = await api.CreateAsync(NewMedia.Of("a", "one") with { Alias = new("x") });
        var item = await api.CreateAsync(NewMedia.Of("a", "two"));
        var other = await api.CreateAsync(NewMedia.Of("b", "three"));

        var problem = await api.ExpectAsync(409, "media-alias-taken", "PATCH", $"/media/{item.Id}", """{"alias": "x", "name": "new"}""");
        Assert.Equal(($"{taken.Id}", "a"), (problem.GetProperty("id").GetString(), problem.GetProperty("owner").GetString()));
        Assert.Equal("two", (await api.FindAsync(item))!.Name);
        await api.ExpectAsync(200, null, "PATCH", $"/media/{other.Id}", """{"alias": "x"}""");
        await api.ExpectAsync(400, "alias-empty", "PATCH", $"/media/{item.Id}", """{"alias": "  "}""");
    }

    [Fact]
    public async Task Of_two_requests_for_an_alias_at_the_same_moment_one_wins()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        for (var round = 0; round < 10; round++)
        {
            var items = new[] { await api.CreateAsync(NewMedia.Of("a", "one")), await api.CreateAsync(NewMedia.Of("a", "two")) };
            var alias = $"x{round}";

            var responses = await Task.WhenAll(items.Select(item => api.SendAsync("PATCH", $"/media/{item.Id}", new { alias })));

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], responses.Select(response => response.StatusCode).Order());
            Assert.Single(await Task.WhenAll(items.Select(api.FindAsync)), item => item!.Alias is not null);
        }
    }

    [Fact]
    public async Task A_change_of_a_version_that_is_gone_is_refused()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one"));
        var path = $"/media/{item.Id}";

        await api.ExpectAsync(200, null, "PATCH", path, """{"name": "a"}""", headers: ("If-Match", "\"7\", \"1\""));
        await api.ExpectAsync(412, "version-mismatch", "PATCH", path, """{"name": "b"}""", headers: ("If-Match", "\"1\""));
        await api.ExpectAsync(412, "version-mismatch", "PATCH", path, """{"name": "b"}""", headers: ("If-Match", "W/\"2\""));
        await api.ExpectAsync(412, "version-mismatch", "PATCH", path, """{"name": "b"}""", headers: ("If-Match", "\"x\""));
        await api.ExpectAsync(200, null, "PATCH", path, """{"name": "b"}""", headers: ("If-Match", "*"));
        Assert.Equal("b", (await api.FindAsync(item))!.Name);
    }

    [Theory]
    [InlineData(400, "media-immutable")]
    [InlineData(412, "media-not-ready")]
    [InlineData(418, "media-unlisted")]
    [InlineData(404, "media-not-found")]
    public async Task An_unfit_item_is_not_changed(int status, string code)
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = NewMedia.Of("a", "one");
        await api.CreateAsync(status switch
        {
            400 => item with { IsImmutable = true },
            412 => item with { Status = MediaStatus.Failed },
            418 => item with { IsUnlisted = true },
            _ => item with { RemovedAt = DateTimeOffset.UnixEpoch },
        });

        await api.ExpectAsync(status, code, "PATCH", $"/media/{item.Id}", """{"name": "x"}""");
        Assert.Equal("one", (await api.FindAsync(item))!.Name);
        if (status is 400 or 418)
        {
            await api.ExpectAsync(status, code, "DELETE", $"/media/{item.Id}");
            await api.ExpectAsync(status, code, "DELETE", $"/media/{item.Id}?soft=true");
        }
    }

    [Theory]
    [InlineData("", "json-malformed")]
    [InlineData("null", "json-malformed")]
    [InlineData("[]", "json-malformed")]
    [InlineData("{", "json-malformed")]
    [InlineData("""{"naem": "x"}""", "json-malformed")]
    [InlineData("""{"owner": "x"}""", "json-malformed")]
    [InlineData("""{"status": "ready"}""", "json-malformed")]
    [InlineData("""{"name": 1}""", "json-malformed")]
    [InlineData("""{"name": "\ud800"}""", "json-malformed")]
    [InlineData("""{"name": "a", "name": "b"}""", "json-malformed")]
    [InlineData("""{"width": "3", "height": "4"}""", "json-malformed")]
    [InlineData("""{"width": 3}""", "field-invalid")]
    [InlineData("""{"name": ""}""", "field-invalid")]
    [InlineData("""{"name": "\u0000"}""", "field-invalid")]
    [InlineData("""{"tags": ["123456789012345678901"]}""", "field-invalid")]
    [InlineData("""{"tags": [null]}""", "field-invalid")]
    [InlineData("""{"player": {"a": 1e999}}""", "field-invalid")]
    [InlineData("""{"custom": {"c_a": "\ud800"}}""", "field-invalid")]
    [InlineData("""{"references": ["x"]}""", "field-invalid")]
    public async Task A_body_that_breaks_a_rule_is_refused(string body, string code)
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one"));

        await api.ExpectAsync(400, code, "PATCH", $"/media/{item.Id}", body);
        Assert.Equal(1, (await api.FindAsync(item))!.Version);
    }

    [Fact]
    public async Task A_body_above_its_limit_or_of_another_type_is_refused()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one"));

        await api.ExpectAsync(413, "body-too-large", "PATCH", $"/media/{item.Id}", new { description = new string('x', 2_000_000) });
        await api.ExpectAsync(415, "unsupported-media-type", "PATCH", $"/media/{item.Id}", new StringContent("{}"));
    }

    [Fact]
    public async Task Tags_are_added_and_removed_in_one_form()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one") with { Tags = [.. Enumerable.Range(0, 18).Select(i => $"t{i}")] });
        var path = $"/media/{item.Id}/tags";

        var added = await api.ExpectAsync(200, null, "POST", path, """{"tags": ["A/B", "Ｔ1", "a/b"]}""");
        Assert.Equal(19, added.GetProperty("tags").GetArrayLength());
        await api.ExpectAsync(400, "field-invalid", "POST", path, """{"tags": ["new", "newer"]}""");
        await api.ExpectAsync(400, "field-invalid", "POST", path, """{"tags": ["123456789012345678901"]}""");
        await api.ExpectAsync(400, "json-malformed", "POST", path, "{}");
        await api.ExpectAsync(400, "field-invalid", "POST", path, new { tags = Enumerable.Range(0, 21).Select(i => $"n{i}") });

        var removed = await api.ExpectAsync(200, null, "DELETE", $"{path}/{Uri.EscapeDataString("Ａ/B")}");
        Assert.Equal(18, removed.GetProperty("tags").GetArrayLength());
        await api.ExpectAsync(200, null, "DELETE", $"{path}/none");
        await api.ExpectAsync(400, "field-invalid", "DELETE", $"{path}/a,b");
        Assert.Equal(3, (await api.FindAsync(item))!.Version);
    }

    [Fact]
    public async Task A_public_item_has_addresses_that_need_no_signature_once_the_store_has_followed()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one"));
        api.Objects.Before = (_, _) => throw new ObjectStoreException("The store is down.", code: null, innerException: null);

        await api.ExpectAsync(202, null, "PUT", $"/media/{item.Id}/access", """{"public": true}""");
        Assert.Contains("X-Amz-Signature", await UrlAsync(), StringComparison.Ordinal);

        api.Objects.Before = null;
        await api.ExpectAsync(200, null, "PUT", $"/media/{item.Id}/access", """{"public": true}""");
        Assert.EndsWith(item.Parts[0].ObjectKey, await UrlAsync(), StringComparison.Ordinal);
        var links = await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/links", key: MediaApi.Nobody);
        Assert.DoesNotContain("X-Amz-Signature", links.GetProperty("urls")[0].GetString()!, StringComparison.Ordinal);
        links = await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}/links?rename=true", key: MediaApi.Nobody);
        Assert.Contains("X-Amz-Signature", links.GetProperty("urls")[0].GetString()!, StringComparison.Ordinal);

        await api.ExpectAsync(200, null, "PUT", $"/media/{item.Id}/access", """{"public": false}""");
        await api.ExpectAsync(401, "api-key-required", "GET", $"/media/{item.Id}", key: MediaApi.Nobody);
        await api.ExpectAsync(400, "json-malformed", "PUT", $"/media/{item.Id}/access", "{}");

        async Task<string> UrlAsync() => (await api.ExpectAsync(200, null, "GET", $"/media/{item.Id}", key: MediaApi.Nobody))
            .GetProperty("parts")[0].GetProperty("download").GetProperty("url").GetString()!;
    }

    [Fact]
    public async Task Trash_keeps_an_item_until_it_is_restored_or_deleted()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one") with { Alias = new("x") });
        var path = $"/media/{item.Id}";

        var removed = await api.ExpectAsync(200, null, "DELETE", path + "?soft=true");
        Assert.True(removed.TryGetProperty("removedAt", out _));
        Assert.False(removed.GetProperty("parts")[0].TryGetProperty("download", out _));
        await api.ExpectAsync(404, "media-not-found", "GET", path);
        await api.ExpectAsync(404, "media-not-found", "GET", "/media/by-alias/a/x");
        Assert.Empty(await api.Catalog.ListDeletionsAsync());

        var heir = await api.CreateAsync(NewMedia.Of("a", "two") with { Alias = new("x") });
        var problem = await api.ExpectAsync(409, "media-alias-taken", "POST", path + "/restore");
        Assert.Equal($"{heir.Id}", problem.GetProperty("id").GetString());
        await api.ExpectAsync(200, null, "POST", path + "/restore?alias=y");
        await api.ExpectAsync(200, null, "GET", "/media/by-alias/a/y");
        await api.ExpectAsync(200, null, "POST", path + "/restore");

        await api.ExpectAsync(200, null, "DELETE", path + "?soft=true");
        await api.ExpectAsync(204, null, "DELETE", path);
        Assert.Null(await api.FindAsync(item));
        Assert.Equal([item.Parts[0].ObjectKey], await api.Catalog.ListDeletionsAsync());
        await api.ExpectAsync(404, "media-not-found", "POST", path + "/restore");
        await api.ExpectAsync(404, "media-not-found", "DELETE", path);
    }

    [Fact]
    public async Task A_clone_shares_the_bytes_until_both_items_are_gone()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one") with { Alias = new("x"), Tags = ["t"] });

        using var response = await api.SendAsync("POST", $"/media/{item.Id}/clone", """{"name": "two", "alias": "y"}""");
        var clone = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/media/{clone.GetProperty("id").GetString()}", response.Headers.Location!.ToString());
        Assert.Equal($"{item.Id}", clone.GetProperty("parent").GetString());
        Assert.Equal(item.Parts[0].Sha256.ToString(), clone.GetProperty("parts")[0].GetProperty("sha256").GetString());

        await api.ExpectAsync(409, "media-alias-taken", "POST", $"/media/{item.Id}/clone", """{"alias": "x"}""");
        await api.ExpectAsync(201, null, "POST", $"/media/{item.Id}/clone", """{"owner": "b", "access": "public"}""");
        await api.ExpectAsync(400, "field-invalid", "POST", $"/media/{item.Id}/clone", """{"access": "open"}""");
        await api.ExpectAsync(400, "field-invalid", "POST", $"/media/{item.Id}/clone", """{"references": []}""");
        await api.ExpectAsync(
            403, "owner-forbidden", "POST", $"/media/{item.Id}/clone", """{"owner": "b"}""", await api.CreateKeyAsync("a"));
        var third = await api.ExpectAsync(201, null, "POST", $"/media/{item.Id}/clone");

        await api.ExpectAsync(204, null, "DELETE", $"/media/{item.Id}");
        await api.ExpectAsync(204, null, "DELETE", $"/media/{third.GetProperty("id").GetString()}");
        Assert.Empty(await api.Catalog.ListDeletionsAsync());
        await api.ExpectAsync(200, null, "GET", $"/media/{clone.GetProperty("id").GetString()}");
    }

    [Fact]
    public async Task Removing_a_referenced_item_deletes_nothing_where_the_origin_deleted_its_bytes_and_then_failed()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var part = await api.CreateAsync(NewMedia.Of("a", "part") with { IsPublic = true });
        var whole = await api.CreateAsync(NewMedia.Of("a", "whole"));
        await api.ExpectAsync(200, null, "PATCH", $"/media/{whole.Id}", new { references = new[] { part.Id.Value } });

        foreach (var query in new[] { "", "?soft=true" })
        {
            var problem = await api.ExpectAsync(409, "media-referenced", "DELETE", $"/media/{part.Id}{query}");
            Assert.Equal([$"{whole.Id}"], problem.GetProperty("referrers").EnumerateArray().Select(id => id.GetString()));
        }

        await api.ExpectAsync(409, "media-referenced", "PUT", $"/media/{part.Id}/access", """{"public": false}""");
        Assert.Equal(part.Version, (await api.FindAsync(part))!.Version);
        Assert.Empty(await api.Catalog.ListDeletionsAsync());

        await api.ExpectAsync(200, null, "PATCH", $"/media/{whole.Id}", """{"name": "renamed"}""");
        Assert.Equal([part.Id], (await api.FindAsync(whole))!.References.ToArray());
        await api.ExpectAsync(200, null, "DELETE", $"/media/{whole.Id}?soft=true");
        await api.ExpectAsync(409, "media-referenced", "DELETE", $"/media/{part.Id}");
        await api.ExpectAsync(204, null, "DELETE", $"/media/{whole.Id}");
        await api.ExpectAsync(204, null, "DELETE", $"/media/{part.Id}");
    }

    [Fact]
    public async Task References_that_break_the_rule_are_refused_with_every_reason()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var item = await api.CreateAsync(NewMedia.Of("a", "one"));
        var hidden = await api.CreateAsync(NewMedia.Of("a", "two") with { IsImmutable = true });
        var foreign = await api.CreateAsync(NewMedia.Of("b", "three") with { IsPublic = true });

        var problem = await api.ExpectAsync(
            403, "media-references-forbidden", "PATCH", $"/media/{item.Id}",
            new { references = new[] { hidden.Id.Value, foreign.Id.Value } });

        Assert.Equal(
            [($"{hidden.Id}", "immutable"), ($"{hidden.Id}", "private-or-unlisted"), ($"{foreign.Id}", "other-owner")],
            problem.GetProperty("references").EnumerateArray()
                .Select(fault => (fault.GetProperty("id").GetString()!, fault.GetProperty("reason").GetString()!)));
        Assert.Empty((await api.FindAsync(item))!.References);
    }

    [Fact]
    public async Task A_new_item_refers_to_others_by_the_same_rule()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        var hidden = await api.CreateAsync(NewMedia.Of("a", "two"));
        var open = await api.CreateAsync(NewMedia.Of("a", "three") with { IsPublic = true });
        var sha256 = new string('0', 64);

        await api.ExpectAsync(
            403, "media-references-forbidden", "POST", "/media",
            new { name = "new", owner = "a", size = 1, sha256, references = new[] { hidden.Id.Value } });
        await api.ExpectAsync(
            201, null, "POST", "/media", new { name = "new", owner = "a", size = 1, sha256, references = new[] { open.Id.Value } });
        await api.ExpectAsync(
            403, "media-references-forbidden", "POST", "/media",
            new { name = "newer", owner = "a", size = 1, sha256, references = new[] { open.Id.Value } });
    }

    [Fact]
    public async Task Of_two_items_that_refer_to_a_third_at_the_same_moment_one_wins()
    {
        await using var api = await MediaApi.StartAsync(postgres);
        for (var round = 0; round < 10; round++)
        {
            var part = await api.CreateAsync(NewMedia.Of("a", "part") with { IsPublic = true });
            var items = new[] { await api.CreateAsync(NewMedia.Of("a", "one")), await api.CreateAsync(NewMedia.Of("a", "two")) };

            var responses = await Task.WhenAll(
                items.Select(item => api.SendAsync("PATCH", $"/media/{item.Id}", new { references = new[] { part.Id.Value } })));

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], responses.Select(response => response.StatusCode).Order());
        }
    }
}
