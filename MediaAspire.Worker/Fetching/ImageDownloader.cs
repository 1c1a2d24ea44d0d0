using MediaAspire.Core.ContentTypes;
using MediaAspire.Core.Fetching;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Fetching;

/// <summary>Downloads pictures and videos. Thread-safe.</summary>
internal sealed class ImageDownloader(
    RemoteFetcher fetcher,
    ScratchDirectory scratch,
    FetchMetrics metrics,
    IOptionsMonitor<ImageUploadOptions> options,
    TimeProvider time)
{
    /// <summary>Downloads the content of an address to the disk of this machine.</summary>
    /// <param name="url">The address.</param>
    /// <param name="maxBytes">The most bytes; <see langword="null"/> for the limit of uploads, which is never exceeded.</param>
    /// <param name="etag">The entity tag of what is known already.</param>
    /// <param name="lastModified">The <c>Last-Modified</c> of what is known already.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    public async Task<ImageDownload> FetchAsync(
        Uri url, long? maxBytes, string? etag, string? lastModified, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var bytes = new FileStream(
            scratch.NewFile(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            var limit = Math.Min(maxBytes ?? long.MaxValue, options.CurrentValue.MaxSize);
            var result = await fetcher.FetchAsync(
                new FetchRequest(url, limit) { KnownETag = etag, KnownLastModified = lastModified }, bytes, cancellationToken);
            if (result is { Failure: null, IsUnchanged: false } && await RefuseAsync(bytes, cancellationToken) is { } refusal)
            {
                result = new FetchResult(refusal);
            }

            metrics.Fetched(result, time.GetElapsedTime(startedAt));
            return new ImageDownload(result, bytes);
        }
        catch
        {
            await bytes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses content that is certainly no picture or video, whatever its origin calls it. A child looks at the rest.</summary>
    private static async Task<FetchFailure?> RefuseAsync(FileStream bytes, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(bytes.Length, TypeDetector.HeadBytes)];
        bytes.Position = 0;
        await bytes.ReadExactlyAsync(head, cancellationToken);
        return TypeDetector.Detect(head) is null or { Content: ContentSort.Image or ContentSort.Video }
            ? null
            : new FetchFailure(FetchFailureKind.Rejected, "media-disallowed", "The content is not a picture or a video.");
    }
}
