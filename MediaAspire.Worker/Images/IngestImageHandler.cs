using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Images;

/// <summary>Makes the image of an upload. After the last attempt the upload fails, so that nobody waits for it any more.</summary>
internal sealed class IngestImageHandler(
    ImageIngestor ingestor, ImageWorkMetrics metrics, IOptions<JobWorkerOptions> options, TimeProvider time) : IJobHandler<IngestImage>
{
    private static readonly TimeSpan s_failLimit = TimeSpan.FromSeconds(10);

    public async Task HandleAsync(IngestImage payload, JobContext job, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var upload = new ImageUploadId(payload.UploadId);
        try
        {
            metrics.Ingested(await ingestor.IngestAsync(upload, cancellationToken), time.GetElapsedTime(startedAt));
        }
        catch (OperationCanceledException)
            when (job.Attempt >= job.MaxAttempts && time.GetElapsedTime(startedAt) >= options.Value.MaxRunTime)
        {
            // The last attempt took too long. One that ends with its worker is not the last.
            metrics.Ingested("error", time.GetElapsedTime(startedAt));
            using var limit = new CancellationTokenSource(s_failLimit, time);
            await ingestor.GiveUpAsync(upload, limit.Token);
            throw;
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
