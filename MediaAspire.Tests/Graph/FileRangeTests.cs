using System.Net;
using System.Net.Http.Headers;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

[Collection(GraphGroup.Name)]
public sealed class FileRangeTests(GraphFixture graph)
{
    private const int Size = 3_000_017;
    private static readonly byte[] s_bytes = TestBytes.Make(42, Size);

    [Fact]
    public async Task Random_ranges_are_right()
    {
        var file = await graph.Api.PutFileAsync(s_bytes);
        var random = new Random(20261120);

        for (var i = 0; i < 200; i++)
        {
            var from = random.Next(Size);
            var to = random.Next(from, Size);
            using var response = await GetAsync(file.FileId, request => request.Headers.Range = new RangeHeaderValue(from, to));

            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal($"bytes {from}-{to}/{Size}", response.Content.Headers.ContentRange?.ToString());
            var received = await response.Content.ReadAsByteArrayAsync();
            Assert.True(s_bytes.AsSpan(from, to - from + 1).SequenceEqual(received), $"bytes {from}-{to} differ");
        }
    }

    [Fact]
    public async Task Several_ranges_come_as_parts()
    {
        var file = await graph.Api.PutFileAsync(s_bytes);
        using var response = await GetAsync(file.FileId, request => request.Headers.Add("Range", "bytes=0-9,500000-500099,-5"));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("multipart/byteranges", response.Content.Headers.ContentType?.MediaType);
        var boundary = response.Content.Headers.ContentType!.Parameters.Single(parameter => parameter.Name == "boundary").Value!;

        var reader = new Microsoft.AspNetCore.WebUtilities.MultipartReader(boundary, await response.Content.ReadAsStreamAsync());
        foreach (var (from, length) in new[] { (0, 10), (500_000, 100), (Size - 5, 5) })
        {
            var section = (await reader.ReadNextSectionAsync())!;
            Assert.Equal($"bytes {from}-{from + length - 1}/{Size}", section.Headers!["Content-Range"].ToString());
            using var part = new MemoryStream();
            await section.Body.CopyToAsync(part);
            Assert.Equal(s_bytes.AsSpan(from, length).ToArray(), part.ToArray());
        }

        Assert.Null(await reader.ReadNextSectionAsync());
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_refused_with_the_size()
    {
        var file = await graph.Api.PutFileAsync(s_bytes);
        using var response = await GetAsync(file.FileId, request => request.Headers.Range = new RangeHeaderValue(Size, null));

        await response.AssertProblemAsync(416, "range-not-satisfiable");
        Assert.Equal($"bytes */{Size}", response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task Head_has_the_headers_of_get()
    {
        var file = await graph.Api.PutFileAsync(s_bytes);
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/files/{file.FileId}");
        using var response = await graph.Api.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Size, response.Content.Headers.ContentLength);
        Assert.Equal($"\"{file.Sha256}\"", response.Headers.ETag?.ToString());
        Assert.Equal("bytes", Assert.Single(response.Headers.AcceptRanges));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Conditions_are_honoured()
    {
        var file = await graph.Api.PutFileAsync(s_bytes);
        var tag = new EntityTagHeaderValue($"\"{file.Sha256}\"");

        using var unchanged = await GetAsync(file.FileId, request => request.Headers.IfNoneMatch.Add(tag));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var other = await GetAsync(file.FileId, request => request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"x\"")));
        await other.AssertProblemAsync(412, "precondition-failed");

        using var stale = await GetAsync(file.FileId, request =>
        {
            request.Headers.Range = new RangeHeaderValue(0, 9);
            request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"x\""));
        });
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        Assert.Equal(Size, stale.Content.Headers.ContentLength);
    }

    private async Task<HttpResponseMessage> GetAsync(Guid id, Action<HttpRequestMessage> configure)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/files/{id}");
        configure(request);
        return await graph.Api.SendAsync(request);
    }
}
