using MediaAspire.Core.Ids;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.MediaUploads;

/// <summary>Hashes parts whose checksum the object store does not tell. Idempotent, see <see cref="PartVerifier"/>.</summary>
internal sealed partial class VerifyMediaHandler(
    PartVerifier verifier, MediaUploadMetrics metrics, TimeProvider time, ILogger<VerifyMediaHandler> logger) : IJobHandler<VerifyMedia>
{
    public async Task HandleAsync(VerifyMedia payload, JobContext job, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var item = new MediaId(payload.MediaId);
        var outcome = await verifier.VerifyAsync(item, payload.Part, cancellationToken);
        metrics.Verified(outcome, time.GetElapsedTime(startedAt));
        LogVerified(payload.Part, item, outcome);
    }

    [LoggerMessage(LogLevel.Debug, "Verified part {Part} of item {Item}: {Outcome}")]
    private partial void LogVerified(int part, MediaId item, VerifyOutcome outcome);
}
