using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>The life of media in the whole graph: processed, counted, expired, and removed from the store.</summary>
[Collection(GraphGroup.Name)]
public sealed class MediaLifecycleTests(GraphFixture graph)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // A PNG of one pixel.
    private static readonly byte[] s_png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly string _owner = $"life-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task An_uploaded_item_is_ready_after_processing_and_the_report_counts_it_exactly()
    {
        var item = await UploadAsync("image", "image/png", s_png);

        var ready = await WaitForEndAsync(item);

        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.Equal("image/png", ready.GetProperty("details").GetProperty("parts")[0].GetProperty("detected").GetString());
        using var again = await graph.Api.PostAsync($"/media/{item}/process?wait=30", null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var report = await graph.Api.GetFromJsonAsync<JsonElement>($"/media/report?owner={_owner}&includeStorage=true");
        Assert.Equal((1, 0, s_png.Length), (
            report.GetProperty("total").GetInt64(), report.GetProperty("public").GetInt64(),
            report.GetProperty("totalContentLength").GetInt64()));

        // Folding changes no report.
        await graph.WaitForAsync($"SELECT count(*) FROM media_usage_deltas WHERE owner = '{_owner}'", 0, s_patience);
        Assert.Equal(1, (await graph.Api.GetFromJsonAsync<JsonElement>($"/media/report?owner={_owner}")).GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task A_page_that_is_declared_as_an_image_is_visibly_failed()
    {
        var item = await UploadAsync("image", "image/png", Encoding.UTF8.GetBytes("<html><script>alert(1)</script></html>"));

        var failed = await WaitForEndAsync(item);

        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Equal("type-mismatch", failed.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("text/html", failed.GetProperty("details").GetProperty("parts")[0].GetProperty("detected").GetString());
    }

    [Fact]
    public async Task An_item_that_never_came_expires_with_a_sync_and_the_trash_is_emptied_with_its_objects()
    {
        var pending = await CreateAsync("simple", "text/plain", "never sent"u8.ToArray());
        var trashed = await UploadAsync("simple", "text/plain", Encoding.UTF8.GetBytes($"a text of {_owner}"));
        await WaitForEndAsync(trashed);
        using (var removed = await graph.Api.DeleteAsync($"/media/{trashed}?soft=true"))
        {
            Assert.True(removed.IsSuccessStatusCode, await removed.Content.ReadAsStringAsync());
        }

        var objects = $"SELECT count(*) FROM objects WHERE key LIKE 'media/{trashed:N}/%'";
        Assert.Equal(1, await graph.CountAsync(objects));
        await ExecuteAsync($"UPDATE media SET expires_at = now() - interval '1 second' WHERE media_id = '{pending.Id}'");
        await ExecuteAsync($"UPDATE media SET removed_at = now() - interval '8 days' WHERE media_id = '{trashed}'");

        using var sync = await graph.Api.PostAsync("/media/sync?wait=60", null);

        var run = (await sync.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run");
        Assert.Equal(HttpStatusCode.OK, sync.StatusCode);
        Assert.True(run.GetProperty("expired").GetInt64() >= 1 && run.GetProperty("emptied").GetInt64() >= 1, run.GetRawText());
        foreach (var id in new[] { pending.Id, trashed })
        {
            using var gone = await graph.Api.GetAsync($"/media/{id}");
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }

        // An address that still allows an upload could put the object back, so it is deleted when that ends.
        await ExecuteAsync(
            $"UPDATE media_object_deletions SET due_at = now(), upload_until = NULL WHERE object_key LIKE 'media/{trashed:N}/%'");
        await graph.WaitForAsync(objects, 0, s_patience);
    }

    [Fact]
    public async Task The_requests_of_both_doors_are_counted_by_route_and_by_operation()
    {
        var item = await UploadAsync("simple", "text/plain", "a text"u8.ToArray());
        await WaitForEndAsync(item);

        var requests = await graph.Admin.GetFromJsonAsync<JsonElement>("/admin/requests");

        var routes = requests.GetProperty("routes").EnumerateArray()
            .ToDictionary(route => $"{route.GetProperty("method").GetString()} {route.GetProperty("route").GetString()}");
        foreach (var name in new[] { "POST /media", "POST /media/{id}/finalize", "GET /media/{id}", "PUT PutObject" })
        {
            Assert.True(routes.TryGetValue(name, out var route), $"{name} is not among {string.Join(", ", routes.Keys)}.");
            Assert.True(route.GetProperty("count").GetInt64() > 0 && route.GetProperty("p95Seconds").GetDouble() > 0, route.GetRawText());
        }

        Assert.DoesNotContain(routes.Keys, name => name.Contains(item.ToString(), StringComparison.Ordinal));
    }

    private async Task<Guid> UploadAsync(string kind, string contentType, byte[] content)
    {
        var (id, upload) = await CreateAsync(kind, contentType, content);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, upload.GetProperty("url").GetString())
        {
            Content = new ByteArrayContent(content),
        };
        foreach (var header in upload.GetProperty("headers").EnumerateObject())
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
            {
                request.Content.Headers.Remove(header.Name);
                request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }
        }

        using var put = await client.SendAsync(request);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        using var finalized = await graph.Api.PostAsync($"/media/{id}/finalize", null);
        Assert.True(finalized.IsSuccessStatusCode, await finalized.Content.ReadAsStringAsync());
        return id;
    }

    private async Task<(Guid Id, JsonElement Upload)> CreateAsync(string kind, string contentType, byte[] content)
    {
        using var response = await graph.Api.PostAsJsonAsync("/media", new
        {
            owner = _owner,
            name = "An item",
            kind,
            contentType,
            size = content.Length,
            sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
        });
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var item = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (item.GetProperty("id").GetGuid(), item.GetProperty("parts")[0].GetProperty("upload"));
    }

    private async Task<JsonElement> WaitForEndAsync(Guid id)
    {
        JsonElement item = default;
        await Until.TrueAsync("the item is ready or failed", async () =>
        {
            item = await graph.Api.GetFromJsonAsync<JsonElement>($"/media/{id}");
            return item.GetProperty("status").GetString() is "ready" or "failed";
        });
        return item;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = graph.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
