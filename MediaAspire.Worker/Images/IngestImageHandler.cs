using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Images;

/// <summary>Makes the image of an upload. After the last attempt the upload fails, so that nobody waits for it any more.</summary>
internal sealed class IngestImageHandler(ImageIngestor ingestor, ImageWorkMetrics metrics, TimeProvider time) : IJobHandler<IngestImage>
{
    public async Task HandleAsync(IngestImage payload, JobContext job, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var upload = new ImageUploadId(payload.UploadId);
        try
        {
            metrics.Ingested(await ingestor.IngestAsync(upload, cancellationToken), time.GetElapsedTime(startedAt));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            metrics.Ingested("error", time.GetElapsedTime(startedAt));
            if (job.Attempt >= job.MaxAttempts)
            {
                await ingestor.GiveUpAsync(upload, cancellationToken);
            }

            throw;
        }
    }
}
