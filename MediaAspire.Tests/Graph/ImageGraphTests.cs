using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Tests.Harness;
using static MediaAspire.Tests.Graph.ImageClient;

namespace MediaAspire.Tests.Graph;

/// <summary>Images through the API, the job queue, a worker and its child process.</summary>
[Collection(GraphGroup.Name)]
public sealed class ImageGraphTests(GraphFixture graph)
{
    // One pixel.
    private static readonly byte[] s_png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task A_picture_is_uploaded_read_listed_and_deleted_by_its_token()
    {
        using var anyone = new HttpClient { BaseAddress = graph.Api.BaseAddress };
        var file = (await UploadAsync(s_png)).GetProperty("files")[0];
        var (alias, token) = (file.GetProperty("file").GetString()!, file.GetProperty("delete_token").GetString()!);
        Assert.EndsWith(".png", alias, StringComparison.Ordinal);
        Assert.Equal(1, file.GetProperty("details").GetProperty("width").GetInt32());

        using (var response = await graph.Api.GetAsync($"/images/{alias}"))
        {
            Assert.Equal("image/png", response.Content.Headers.ContentType?.ToString());
            Assert.Equal(s_png, await response.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal((401, "api-key-required"), await OutcomeAsync(await anyone.GetAsync($"/images/{alias}")));
        var aliases = await graph.Admin.GetFromJsonAsync<JsonElement>($"/admin/images/aliases/{alias}/aliases");
        Assert.Contains(alias, aliases.GetProperty("aliases").EnumerateArray().Select(each => each.GetString()));
        Assert.Equal((401, "api-key-required"), await OutcomeAsync(await anyone.DeleteAsync($"/images/{alias}")));
        Assert.Equal((403, "invalid-delete-token"), await OutcomeAsync(await anyone.DeleteAsync($"/images/{alias}?token=x")));
        Assert.Equal((204, null), await OutcomeAsync(await anyone.DeleteAsync($"/images/{alias}?token={token}")));
        Assert.Equal((404, "alias-not-found"), await OutcomeAsync(await graph.Api.GetAsync($"/images/{alias}")));
    }

    [Fact]
    public async Task Bad_input_gets_a_problem_and_an_upload_in_the_background_is_claimed()
    {
        Assert.Equal((400, "media-disallowed"), await OutcomeAsync(await graph.Api.PostImageAsync("<html>no image</html>"u8.ToArray())));
        Assert.Equal((400, "validate-file-empty"), await OutcomeAsync(await graph.Api.PostImageAsync([])));
        Assert.Equal((400, "query-invalid"), await OutcomeAsync(await graph.Api.PostImageAsync(s_png, "/images?max_width=x")));
        Assert.Equal((415, "media-type-unsupported"),
            await OutcomeAsync(await graph.Api.PostAsync("/images", new ByteArrayContent(s_png))));
        Assert.Equal((400, "alias-invalid"), await OutcomeAsync(await graph.Api.GetAsync("/images/x")));
        Assert.Equal((400, "upload-id-invalid"), await OutcomeAsync(await graph.Api.GetAsync("/images/backgrounded/claim?upload_id=1")));
        Assert.Equal((400, "image-hash-invalid"), await OutcomeAsync(await graph.Admin.GetAsync("/admin/images/hashes?from=x")));

        using var accepted = await graph.Api.PostImageAsync(s_png, "/images/backgrounded");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        using var claimed = await graph.Api.GetAsync(accepted.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, claimed.StatusCode);
        var file = (await claimed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("files")[0];
        Assert.Equal((400, "already-claimed"), await OutcomeAsync(await graph.Api.GetAsync(accepted.Headers.Location)));
        Assert.Equal(
            (204, null),
            await OutcomeAsync(await graph.Admin.DeleteAsync($"/admin/images/aliases/{file.GetProperty("file").GetString()}")));
    }

    [Fact]
    public async Task An_address_is_signed_by_the_key_of_the_graph_and_read_without_a_key()
    {
        using var anyone = new HttpClient { BaseAddress = graph.Api.BaseAddress };
        var alias = (await UploadAsync(s_png)).GetProperty("files")[0].GetProperty("file").GetString();

        using var signed = await graph.Api.PostAsJsonAsync($"/images/{alias}/sign", new { extension = "webp", operations = "resize=1" });
        Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        var url = (await signed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString();

        Assert.Equal((200, null), await OutcomeAsync(await anyone.GetAsync(url)));
        Assert.Equal((403, "signature-invalid"), await OutcomeAsync(await anyone.GetAsync($"{url}x")));
    }

    private async Task<JsonElement> UploadAsync(byte[] bytes)
    {
        using var response = await graph.Api.PostImageAsync(bytes);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
