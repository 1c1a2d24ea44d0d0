using System.Net;
using System.Net.Http.Json;
using MediaAspire.Api.Files;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

[Collection(GraphGroup.Name)]
public sealed class FileRoundTripTests(GraphFixture graph)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_048_579)]
    [InlineData(24_000_001)]
    public async Task A_file_of_any_size_comes_back_byte_for_byte(int size)
    {
        var bytes = TestBytes.Make(size, size);

        foreach (var file in new[] { await graph.Api.PutFileAsync(bytes), await graph.Api.PostFormAsync(bytes) })
        {
            Assert.Equal(size, file.Size);
            Assert.Equal(TestBytes.Sha256(bytes), file.Sha256);
            Assert.Equal((size + 65_535) / 65_536 is var blocks && blocks < 6 ? blocks : 6, file.Chunks);

            using var response = await graph.Api.GetAsync($"/files/{file.FileId}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(size, response.Content.Headers.ContentLength);
            Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_taken_chunk_by_chunk()
    {
        // Longer than one chunk of a stream (64 MiB), and not a multiple of a block.
        const int Size = (64 * 1024 * 1024) + 12_345;
        var bytes = TestBytes.Make(7, Size);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/files?filename=stream.bin") { Content = new ByteArrayContent(bytes) };
        request.Headers.TransferEncodingChunked = true;

        using var response = await graph.Api.SendAsync(request);
        var file = await FilesClient.ReadCreatedAsync(response);

        Assert.Equal(2, file.Chunks);
        Assert.Equal(TestBytes.Sha256(bytes), await TestBytes.Sha256Async(await graph.Api.GetStreamAsync($"/files/{file.FileId}")));
    }

    [Fact]
    public async Task The_layout_shows_six_chunks_with_two_copies_each_on_servers_of_their_own()
    {
        var file = await graph.Api.PutFileAsync(TestBytes.Make(1, 6 * 1024 * 1024));

        var layout = (await graph.Api.GetFromJsonAsync<FileLayoutResponse>($"/files/{file.FileId}/layout"))!;

        Assert.Equal(6, layout.Chunks.Count);
        Assert.Equal(6, layout.Chunks.Select(chunk => chunk.Copies[0].Server).Distinct().Count());
        Assert.All(layout.Chunks, chunk =>
        {
            Assert.Equal(1024 * 1024, chunk.Size);
            Assert.Equal(2, chunk.Copies.Select(copy => copy.Server).Distinct().Count());
            Assert.All(chunk.Copies, copy => Assert.Equal("stored", copy.Status));
            Assert.All(chunk.Copies, copy => Assert.StartsWith("storage-", copy.Name, StringComparison.Ordinal));
        });
        Assert.Equal(Enumerable.Range(0, 6).Select(number => number * 1024L * 1024), layout.Chunks.Select(chunk => chunk.Offset));
    }

    [Fact]
    public async Task Names_and_types_come_back_safe_for_a_browser()
    {
        var file = await graph.Api.PostFormAsync([1, 2, 3], "Ünïcode \"照片\".png");
        Assert.Equal("Ünïcode \"照片\".png", file.Filename);

        using var response = await graph.Api.GetAsync($"/files/{file.FileId}");

        Assert.Equal("image/png", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("Ünïcode \"照片\".png", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_deleted_file_is_gone_at_once()
    {
        var file = await graph.Api.PutFileAsync([1, 2, 3]);

        using (var deleted = await graph.Api.DeleteAsync($"/files/{file.FileId}"))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        using var missing = await graph.Api.GetAsync($"/files/{file.FileId}");
        await missing.AssertProblemAsync(404, "file-not-found");
        using var again = await graph.Api.DeleteAsync($"/files/{file.FileId}");
        await again.AssertProblemAsync(404, "file-not-found");
    }

    [Fact]
    public async Task A_hundred_uploads_at_once_all_arrive()
    {
        var uploads = await Task.WhenAll(Enumerable.Range(0, 100).Select(async seed =>
        {
            var bytes = TestBytes.Make(seed, 1024 * 1024);
            return (Bytes: bytes, File: await graph.Api.PutFileAsync(bytes, $"{seed}.bin"));
        }));

        foreach (var (bytes, file) in uploads)
        {
            Assert.Equal(TestBytes.Sha256(bytes), TestBytes.Sha256(await graph.Api.GetByteArrayAsync($"/files/{file.FileId}")));
        }
    }

    [Fact]
    public async Task Health_reports_every_dependency()
    {
        var body = await graph.Admin.GetStringAsync("/health");

        Assert.Contains("\"status\":\"Healthy\"", body, StringComparison.Ordinal);
        using var alive = await graph.Api.GetAsync("/alive");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }
}
