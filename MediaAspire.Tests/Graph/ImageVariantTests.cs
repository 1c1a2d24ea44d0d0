using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>A picture through the graph: uploaded, made smaller by the worker's child process, read, and removed.</summary>
[Collection(GraphGroup.Name)]
public sealed class ImageVariantTests(GraphFixture graph)
{
    [Fact]
    public async Task A_picture_is_uploaded_and_read_as_a_thumbnail()
    {
        var (alias, token, width, height) = await UploadAsync(NoisePicture.Make(1, 640, 480));
        Assert.Equal((640, 480), (width, height));

        await AssertSizeAsync($"/images/{alias}/process.webp?crop=1x1&resize=100", "image/webp", (100, 100));
        await AssertSizeAsync($"/images/{alias}/process.auto?resize=64", "image/jpeg", (64, 48));
        await AssertSizeAsync($"/images/{alias}/process.png?resize=5000", "image/png", (640, 480));
        await AssertSizeAsync($"/images/imgproxy/_/rs:fill:50:80/plain/{alias}@png", "image/png", (50, 80));

        using var removed = await graph.Api.DeleteAsync($"/images/{alias}?token={token}");
        Assert.True(removed.IsSuccessStatusCode);
        using var gone = await graph.Api.GetAsync($"/images/{alias}/process.webp?crop=1x1&resize=100");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    /// <summary>Reads a variant, and has the platform say what it is: as an upload.</summary>
    private async Task AssertSizeAsync(string address, string type, (int Width, int Height) expected)
    {
        using var response = await graph.Api.GetAsync(address);
        Assert.True(response.IsSuccessStatusCode, $"{address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        var (_, _, width, height) = await UploadAsync(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(expected, (width, height));
    }

    private async Task<(string Alias, string Token, int Width, int Height)> UploadAsync(byte[] bytes)
    {
        using var uploaded = await graph.Api.PostImageAsync(bytes);
        var answer = await uploaded.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(uploaded.StatusCode == HttpStatusCode.Created, answer.ToString());
        var file = answer.GetProperty("files")[0];
        var details = file.GetProperty("details");
        return (
            file.GetProperty("file").GetString()!, file.GetProperty("delete_token").GetString()!,
            details.GetProperty("width").GetInt32(), details.GetProperty("height").GetInt32());
    }
}
