using MediaAspire.Core.Ids;
using MediaAspire.Core.Uploads;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Uploads;

/// <summary>Makes the result of a resumable upload.</summary>
/// <remarks>After the last attempt the upload fails, so that no client waits for it any more.</remarks>
internal sealed class CompleteUploadHandler(UploadCompleter completer) : IJobHandler<CompleteUpload>
{
    public async Task HandleAsync(CompleteUpload payload, JobContext job, CancellationToken cancellationToken)
    {
        var upload = new UploadSessionId(payload.UploadId);
        try
        {
            await completer.FinishAsync(upload, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (job.Attempt >= job.MaxAttempts)
            {
                await completer.GiveUpAsync(upload, failure.Message, cancellationToken);
            }

            throw;
        }
    }
}
