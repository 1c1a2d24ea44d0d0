using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Processing;

/// <summary>Makes one attempt at processing an item. The item counts its attempts, so a failed one does not fail the job.</summary>
internal sealed class ProcessMediaHandler(MediaProcessor processor, MediaProcessingMetrics metrics, TimeProvider time)
    : IJobHandler<ProcessMedia>
{
    public async Task HandleAsync(ProcessMedia payload, JobContext job, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var outcome = await processor.ProcessAsync(new MediaId(payload.MediaId), job.Id, cancellationToken);
        metrics.AttemptEnded(outcome, time.GetElapsedTime(startedAt));
    }
}
