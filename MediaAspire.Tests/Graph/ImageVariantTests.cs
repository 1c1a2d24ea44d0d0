using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Core.Imaging;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Imaging;

namespace MediaAspire.Tests.Graph;

/// <summary>A picture through the graph: uploaded, made smaller by the worker's child process, read, and removed.</summary>
[Collection(GraphGroup.Name)]
public sealed class ImageVariantTests(GraphFixture graph)
{
    [Fact]
    public async Task A_picture_is_uploaded_and_read_as_a_thumbnail()
    {
        using var scratch = new TemporaryDirectory();
        var path = Path.Combine(scratch.Path, "scene.png");
        TestPictures.Write(TestPictures.Scene(640, 480, seed: 15), path, ImageFormat.Png);
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(await File.ReadAllBytesAsync(path));
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(part, "images[]", "scene.png");
        using var uploaded = await graph.Api.PostAsync("/images", form);
        var answer = await uploaded.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(uploaded.StatusCode == HttpStatusCode.Created, answer.ToString());
        var file = answer.GetProperty("files")[0];
        var alias = file.GetProperty("file").GetString();

        await AssertSizeAsync(scratch, $"/images/{alias}/process.webp?crop=1x1&resize=100", ImageFormat.Webp, (100, 100));
        await AssertSizeAsync(scratch, $"/images/{alias}/process.auto?resize=64", ImageFormat.Jpeg, (64, 48));
        await AssertSizeAsync(scratch, $"/images/imgproxy/_/rs:fill:50:80/plain/{alias}@png", ImageFormat.Png, (50, 80));
        using (var enlarged = await graph.Api.GetAsync($"/images/{alias}/process.png?resize=5000"))
        {
            Assert.Equal(HttpStatusCode.OK, enlarged.StatusCode);
        }

        using var removed = await graph.Api.DeleteAsync($"/images/{alias}?token={file.GetProperty("delete_token").GetString()}");
        Assert.True(removed.IsSuccessStatusCode);
        using var gone = await graph.Api.GetAsync($"/images/{alias}/process.webp?crop=1x1&resize=100");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private async Task AssertSizeAsync(TemporaryDirectory scratch, string address, ImageFormat format, (int Width, int Height) expected)
    {
        using var response = await graph.Api.GetAsync(address);
        Assert.True(response.IsSuccessStatusCode, $"{address}: {(int)response.StatusCode}");
        Assert.Equal(ImageFormats.MediaTypeOf(format), response.Content.Headers.ContentType?.MediaType);
        var path = Path.Combine(scratch.Path, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        using var picture = TestPictures.Read(path, format);
        Assert.Equal(expected, (picture.Width, picture.Height));
    }
}
