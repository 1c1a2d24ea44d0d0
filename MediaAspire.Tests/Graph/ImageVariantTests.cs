using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
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
        var (alias, token, width, height) = await UploadAsync(Png(640, 480), "image/png");
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
        var (_, _, width, height) = await UploadAsync(await response.Content.ReadAsByteArrayAsync(), type);
        Assert.Equal(expected, (width, height));
    }

    private async Task<(string Alias, string Token, int Width, int Height)> UploadAsync(byte[] bytes, string type)
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue(type);
        form.Add(part, "images[]", "picture");
        using var uploaded = await graph.Api.PostAsync("/images", form);
        var answer = await uploaded.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(uploaded.StatusCode == HttpStatusCode.Created, answer.ToString());
        var file = answer.GetProperty("files")[0];
        var details = file.GetProperty("details");
        return (
            file.GetProperty("file").GetString()!, file.GetProperty("delete_token").GetString()!,
            details.GetProperty("width").GetInt32(), details.GetProperty("height").GetInt32());
    }

    /// <summary>Writes a picture of slopes.</summary>
    private static byte[] Png(int width, int height)
    {
        var rows = new byte[height * ((width * 3) + 1)];
        for (var index = 0; index < rows.Length; index++)
        {
            var (row, place) = Math.DivRem(index, (width * 3) + 1);
            rows[index] = place == 0 ? (byte)0 : (byte)((place * 200 / (width * 3)) + (row * 50 / height));
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [137, 80, 78, 71, 13, 10, 26, 10, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32.HashToUInt32(body));
        return [.. length, .. body, .. sum];
    }
}
