using MediaAspire.Core.Duties;
using MediaAspire.Core.Uploads;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Uploads;

/// <summary>Removes uploads of every protocol that have expired, and enqueues the completions whose job was lost.</summary>
/// <remarks>A sweep adds at most one page of jobs, and a unique key keeps a second job of an upload out of the queue.</remarks>
internal sealed partial class UploadsDuty(
    UploadCompleter completer, IOptionsMonitor<UploadSessionOptions> options, ILogger<UploadsDuty> logger) : IDuty
{
    private const int BatchSize = 100;

    public string Name => DutyNames.Uploads;

    public TimeSpan Interval => options.CurrentValue.SweepInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var expired = await Batches.RunAllAsync(BatchSize, completer.ExpireAsync, cancellationToken)
            + await Batches.RunAllAsync(BatchSize, completer.ExpireMultipartAsync, cancellationToken);
        if (expired > 0)
        {
            LogExpired(expired);
        }

        var resumed = await completer.ResumeAsync(BatchSize, cancellationToken);
        if (resumed > 0)
        {
            LogResumed(resumed);
        }

        return expired + resumed;
    }

    [LoggerMessage(LogLevel.Debug, "Removed {Uploads} uploads that have expired")]
    private partial void LogExpired(long uploads);

    [LoggerMessage(LogLevel.Information, "Enqueued the completions of {Uploads} resumable uploads again")]
    private partial void LogResumed(long uploads);
}
