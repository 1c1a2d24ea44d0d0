using System.Net;
using System.Net.Http.Headers;
using MediaAspire.Api.Files;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Api.Files;

public sealed class FileDownloadTests : IAsyncLifetime
{
    // Large enough that its last bytes are not on their way before its first ones are taken.
    private static readonly byte[] s_bytes = TestBytes.Make(61, 24_000_000);

    private static readonly HttpClient s_client = new();
    private TestCluster _cluster = null!;
    private WebApplication _app = null!;
    private FileReader _reader = null!;
    private StoredFile? _file;

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddProblems();
        _app = builder.Build();
        _app.UseProblems();
        _reader = new FileReader(_cluster.MakeReader(), ActivatorUtilities.CreateInstance<FileMetrics>(_app.Services));
        _app.MapGet("/", () => new FileDownload(_file!, _reader, maxRanges: 8, NullLogger.Instance));
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=5-9")]
    [InlineData("bytes=5-9,30-40")]
    public async Task Get_EveryCopyGoneBeforeTheFirstByte_IsAProblemThatNamesTheChunk(string? range)
    {
        var file = await MakeFileAsync(chunks: 1, gone: 0);

        using var response = await SendAsync(file, range);

        Assert.Contains("Chunk 0 ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(response.Headers.ETag);
        await response.AssertProblemAsync(503, "chunk-unavailable");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=5-9,48000000-48000009")]
    public async Task Get_EveryCopyGoneInTheMiddle_TheConnectionBreaks(string? range)
    {
        var file = await MakeFileAsync(chunks: 3, gone: 2);

        using var response = await SendAsync(file, range);

        Assert.True(response.IsSuccessStatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_EveryCopyLostWhileItIsSent_TheConnectionBreaks()
    {
        var file = await MakeFileAsync(chunks: 2, gone: -1);
        using var response = await SendAsync(file, range: null);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);

        await Task.WhenAll(_cluster.Nodes.Select(node => node.AbortAsync()));

        await Assert.ThrowsAnyAsync<Exception>(() => body.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task Get_EveryCopyWell_IsTheWholeFile()
    {
        var file = await MakeFileAsync(chunks: 2, gone: -1);

        using var response = await SendAsync(file, range: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual([.. s_bytes, .. s_bytes]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_WithOrWithoutSha256_HasAStrongTagThatConditionsGoBy(bool hasSha256)
    {
        var file = await MakeFileAsync(chunks: 1, gone: -1);
        file = hasSha256 ? file : file with { Sha256 = null };
        var tag = new EntityTagHeaderValue($"\"{(hasSha256 ? file.Sha256 : file.Id)}\"");

        using var whole = await SendAsync(file, range: null);
        using var range = await SendAsync(file, "bytes=5-9", request => request.Headers.IfRange = new(tag));
        using var same = await SendAsync(file, range: null, request => request.Headers.IfNoneMatch.Add(tag));
        using var other = await SendAsync(file, range: null, request => request.Headers.IfMatch.Add(new("\"other\"")));

        Assert.Equal(tag, whole.Headers.ETag);
        Assert.Equal(s_bytes[5..10], await range.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, other.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(StoredFile file, string? range, Action<HttpRequestMessage>? condition = null)
    {
        _file = file;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_app.Urls.Single()));
        request.Headers.Range = range is null ? null : RangeHeaderValue.Parse(range);
        condition?.Invoke(request);
        return await s_client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Makes a file of equal chunks, one of which is on no node.</summary>
    private async Task<StoredFile> MakeFileAsync(int chunks, int gone)
    {
        var stored = new List<StoredChunk>();
        for (var number = 0; number < chunks; number++)
        {
            var id = ChunkId.New(TimeProvider.System);
            if (number != gone)
            {
                await Task.WhenAll(_cluster.Nodes.Select(node => node.PutAsync(s_bytes, id)));
            }

            stored.Add(new StoredChunk(
                id, number, (long)number * s_bytes.Length, s_bytes.Length, Sha256Digest.OfNothing,
                [.. _cluster.Servers.Select(server => new StoredCopy(server.Id, CopyStatus.Stored))]));
        }

        return new StoredFile(
            FileId.New(TimeProvider.System),
            "a",
            "b/c",
            (long)chunks * s_bytes.Length,
            Sha256Digest.OfNothing,
            DateTimeOffset.UnixEpoch,
            [.. stored]);
    }
}
