using MediaAspire.Core.Images;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Images;

/// <summary>Looks for images whose bytes are missing, page by page, and deletes them unless the run is a dry one.</summary>
/// <remarks>A page that was looked at is recorded, so that another attempt goes on after it.</remarks>
internal sealed partial class PruneImagesHandler(
    ImagePrunes prunes, ImageCatalog catalog, ImageBlobs blobs, BucketMark mark, ImageWorkMetrics metrics,
        ILogger<PruneImagesHandler> logger)
    : IJobHandler<PruneImages>
{
    private const int PageSize = 100;

    public async Task HandleAsync(PruneImages payload, JobContext job, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(payload.PruneId, cancellationToken);
        }
        catch (Exception failure) when (job.Attempt >= job.MaxAttempts && failure is not OperationCanceledException)
        {
            await prunes.EndAsync(payload.PruneId, failure.Message, cancellationToken);
            throw;
        }
    }

    private async Task RunAsync(Guid id, CancellationToken cancellationToken)
    {
        var run = await prunes.FindRunningAsync(id, cancellationToken);
        var isBucketKnown = false;
        while (run is not null)
        {
            var page = await catalog.ListImagesAsync(run.Position, PageSize, cancellationToken);
            if (page.Count == 0)
            {
                await prunes.EndAsync(id, error: null, cancellationToken);
                LogEnded(run.Done, run.Missing, run.IsDryRun);
                return;
            }

            // In another bucket all images would be missing.
            if (!isBucketKnown && page.Any(image => image.Blob.ObjectKey is not null))
            {
                if (await mark.CheckAsync(cancellationToken) is { } error)
                {
                    await prunes.EndAsync(id, error, cancellationToken);
                    return;
                }

                isBucketKnown = true;
            }

            var missing = 0;
            foreach (var image in page)
            {
                missing += await IsMissingAsync(image, cancellationToken) && await SettleAsync(image, run.IsDryRun, cancellationToken)
                    ? 1
                    : 0;
            }

            run = await prunes.RecordAsync(run, page[^1].Id, page.Count, missing, cancellationToken);
        }
    }

    private async Task<bool> IsMissingAsync(StoredImage image, CancellationToken cancellationToken)
    {
        if (!await blobs.IsMissingAsync(image.Blob, cancellationToken))
        {
            return false;
        }

        // It may have moved to the other store, or was deleted, since the page was read.
        return await blobs.FindAsync(image.Blob.Id, cancellationToken) is { } now
            && now.File == image.Blob.File && now.ObjectKey == image.Blob.ObjectKey;
    }

    private async Task<bool> SettleAsync(StoredImage image, bool isDryRun, CancellationToken cancellationToken)
    {
        var isSettled = isDryRun || await catalog.DeleteMissingAsync(image, cancellationToken);
        if (isSettled)
        {
            metrics.Missing();
            LogMissing(image.Hash.ToString(), isDryRun);
        }

        return isSettled;
    }

    [LoggerMessage(LogLevel.Warning, "The bytes of image {Hash} are missing; dry run: {IsDryRun}")]
    private partial void LogMissing(string hash, bool isDryRun);

    [LoggerMessage(LogLevel.Information, "Looked at {Images} images; the bytes of {Missing} are missing; dry run: {IsDryRun}")]
    private partial void LogEnded(long images, long missing, bool isDryRun);
}
