using MediaAspire.Core.Duties;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Jobs;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Images;

/// <summary>Finds uploads and searches whose job was lost, and removes uploads that have expired.</summary>
/// <remarks>A sweep adds at most one page of jobs, and a unique key keeps a second job of an upload out of the queue.</remarks>
internal sealed partial class ImageUploadsDuty(
    ImageUploads uploads,
    ImagePrunes prunes,
    IJobQueue jobs,
    ImageWorkMetrics metrics,
    IOptionsMonitor<ImageUploadOptions> options,
    TimeProvider time,
    ILogger<ImageUploadsDuty> logger) : IDuty
{
    private const int BatchSize = 500;

    // A running search makes progress several times a minute.
    private static readonly TimeSpan s_searchStalledAfter = TimeSpan.FromMinutes(5);

    public string Name => DutyNames.ImageUploads;

    public TimeSpan Interval => options.CurrentValue.SweepInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var expired = await Batches.RunAllAsync(BatchSize, uploads.ExpireAsync, cancellationToken);
        metrics.Expired(expired);
        if (expired > 0)
        {
            LogExpired(expired);
        }

        var resumed = 0L;
        foreach (var upload in await uploads.ListStalledAsync(BatchSize, cancellationToken))
        {
            var outcome = await uploads.EnqueueAsync(upload, cancellationToken);
            if (outcome == EnqueueOutcome.Full)
            {
                break;
            }

            resumed += outcome == EnqueueOutcome.Enqueued ? 1 : 0;
        }

        metrics.Resumed(resumed);
        if (resumed > 0)
        {
            LogResumed(resumed);
        }

        if (await prunes.FindStalledAsync(s_searchStalledAfter, cancellationToken) is { } search)
        {
            await jobs.EnqueueAsync(PruneImages.Of(search.Id, time), cancellationToken);
        }

        return expired + resumed;
    }

    [LoggerMessage(LogLevel.Debug, "Removed {Uploads} uploads of images that have expired")]
    private partial void LogExpired(long uploads);

    [LoggerMessage(LogLevel.Information, "Enqueued the jobs of {Uploads} uploads of images again")]
    private partial void LogResumed(long uploads);
}
