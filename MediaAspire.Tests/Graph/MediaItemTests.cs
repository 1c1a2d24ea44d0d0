using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Items of the media catalog against the graph's own S3, from their upload to their removal.</summary>
[Collection(GraphGroup.Name)]
public sealed class MediaItemTests(GraphFixture graph)
{
    private const string Owner = "item-tests";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly string[] s_tags = ["Sea", "ｓｋｙ"];
    private static readonly string[] s_addedTags = ["sun"];

    [Fact]
    public async Task An_item_is_downloaded_shared_cloned_tagged_and_removed()
    {
        var body = RandomNumberGenerator.GetBytes(70_000);
        var id = await CreateReadyAsync(body, "Été 日本.bin");
        using var anyone = new HttpClient();

        // The redirect leads to the bytes under the item's name.
        using (var download = await graph.Api.GetAsync($"/media/{id}/download"))
        {
            Assert.Equal(body, await download.Content.ReadAsByteArrayAsync());
            Assert.Equal("Été 日本.bin", download.Content.Headers.ContentDisposition?.FileNameStar);
        }

        // Private, public and private again: for the API and for the object itself.
        var address = await graph.Api.GetFromJsonAsync<JsonElement>($"/media/{id}");
        var api = graph.Api.BaseAddress!;
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.GetAsync(new Uri(api, $"/media/{id}"))).StatusCode);
        await SendAsync(HttpMethod.Put, $"/media/{id}/access", new { @public = true });
        var shared = await anyone.GetFromJsonAsync<JsonElement>(new Uri(api, $"/media/{id}"));
        var url = UrlOf(shared);
        Assert.Equal(body, await anyone.GetByteArrayAsync(url));
        Assert.DoesNotContain("X-Amz-Signature", url, StringComparison.Ordinal);
        await SendAsync(HttpMethod.Put, $"/media/{id}/access", new { @public = false });
        Assert.Equal(HttpStatusCode.Forbidden, (await anyone.GetAsync(url)).StatusCode);
        Assert.Equal(body, await anyone.GetByteArrayAsync(UrlOf(address)));

        await SendAsync(HttpMethod.Patch, $"/media/{id}", new { alias = "summer", tags = s_tags });
        await SendAsync(HttpMethod.Post, $"/media/{id}/tags", new { tags = s_addedTags });
        var tags = await graph.Api.GetFromJsonAsync<JsonElement>($"/tags?owner={Owner}&prefix=s");
        Assert.Equal(
            [("sea", 1), ("sky", 1), ("sun", 1)],
            tags.GetProperty("tags").EnumerateArray()
                .Select(tag => (tag.GetProperty("name").GetString()!, tag.GetProperty("count").GetInt32())));
        await SendAsync(HttpMethod.Patch, $"/tags/sea?owner={Owner}", new { name = "ocean" });

        var clone = await SendAsync(HttpMethod.Post, $"/media/{id}/clone", new { name = "copy" });
        var cloneId = clone.GetProperty("id").GetGuid();
        Assert.Contains("ocean", clone.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        await SendAsync(HttpMethod.Delete, $"/media/{id}?soft=true");
        Assert.Equal(HttpStatusCode.NotFound, (await graph.Api.GetAsync($"/media/{id}")).StatusCode);
        await SendAsync(HttpMethod.Post, $"/media/{id}/restore");
        await SendAsync(HttpMethod.Delete, $"/media/{id}");
        Assert.Equal(body, await (await graph.Api.GetAsync($"/media/{cloneId}/download")).Content.ReadAsByteArrayAsync());

        // With the last item, the bytes go too.
        await SendAsync(HttpMethod.Delete, $"/media/{cloneId}");
        await graph.WaitForAsync(
            $"SELECT count(*) FROM media_objects WHERE object_key LIKE 'media/{id:N}/%'", 0, s_patience);
    }

    private static string UrlOf(JsonElement item) =>
        item.GetProperty("parts")[0].GetProperty("download").GetProperty("url").GetString()!;

    private async Task<Guid> CreateReadyAsync(byte[] body, string name)
    {
        var item = await SendAsync(HttpMethod.Post, "/media", new
        {
            owner = Owner,
            name,
            contentType = "application/octet-stream",
            size = body.Length,
            sha256 = Convert.ToHexStringLower(SHA256.HashData(body)),
        });
        var id = item.GetProperty("id").GetGuid();
        var upload = item.GetProperty("parts")[0].GetProperty("upload");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, upload.GetProperty("url").GetString());
        request.Content = new ByteArrayContent(body);
        foreach (var header in upload.GetProperty("headers").EnumerateObject())
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
            {
                request.Content.Headers.Remove(header.Name);
                request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }
        }

        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        await SendAsync(HttpMethod.Post, $"/media/{id}/finalize");
        await graph.WaitForAsync($"SELECT count(*) FROM media WHERE media_id = '{id}' AND status = 3", 1, s_patience);
        return id;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await graph.Api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }
}
