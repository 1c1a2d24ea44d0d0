using MediaAspire.Core.Fetching;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Fetching;

/// <summary>Fetches the bytes of an upload. Idempotent: an upload gets its bytes once.</summary>
internal sealed partial class FetchImageHandler(
    UrlUploads uploads, ImageUploads images, ImageDownloader downloader, ILogger<FetchImageHandler> logger) : IJobHandler<FetchImage>
{
    // A client may be waiting, so an origin that is down is not tried for long.
    private const int MostAttempts = 3;

    public async Task HandleAsync(FetchImage payload, JobContext job, CancellationToken cancellationToken)
    {
        var id = new ImageUploadId(payload.UploadId);
        if (await uploads.FindAsync(id, cancellationToken) is not { } upload)
        {
            // A second attempt, after the one that stored the bytes, or nobody waits any more.
            await images.EnqueueAsync(id, cancellationToken);
            return;
        }

        await using var download = await downloader.FetchAsync(
            upload.Url, upload.Wishes.MaxFileSize, etag: null, lastModified: null, cancellationToken);
        if (download.Result.Failure is { } failure)
        {
            if (failure.Kind == FetchFailureKind.Unavailable && job.Attempt < Math.Min(MostAttempts, job.MaxAttempts))
            {
                throw new OriginUnavailableException(failure.Message);
            }

            await images.FailAsync(id, new ImageFailure(failure.Code, failure.Message), cancellationToken);
            LogFailed(id, failure.Code);
            return;
        }

        if (await uploads.ReceiveAsync(id, download.Bytes, download.Result.Bytes, cancellationToken))
        {
            LogFetched(id, download.Result.Bytes);
        }

        await images.EnqueueAsync(id, cancellationToken);
    }

    [LoggerMessage(LogLevel.Trace, "Fetched {Bytes} bytes for upload {Upload}")]
    private partial void LogFetched(ImageUploadId upload, long bytes);

    [LoggerMessage(LogLevel.Debug, "Nothing was fetched for upload {Upload}: {Code}")]
    private partial void LogFailed(ImageUploadId upload, string code);
}
