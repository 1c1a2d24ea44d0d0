using MediaAspire.Core.Duties;
using MediaAspire.Core.Integrity;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Integrity;

/// <summary>Walks over all chunks and lists those with too few live copies.</summary>
internal sealed partial class IntegrityDuty(
    IntegrityWalk walk, IntegrityReport report, IntegrityMetrics metrics, IOptions<IntegrityOptions> options, TimeProvider time,
    ILogger<IntegrityDuty> logger) : IDuty
{
    // A cluster that changes all the time is walked again at the next interval.
    private const int MaxWalks = 3;

    public string Name => DutyNames.Integrity;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var seen = 0L;
        var walks = 0;
        do
        {
            seen += await WalkAsync(cancellationToken);
            walks++;
        }
        while (walks < MaxWalks && await walk.IsOutdatedAsync(cancellationToken));

        var counts = await report.CountAsync(cancellationToken);
        metrics.Observe(counts);
        if (counts.Lost > 0)
        {
            LogLost(counts.Lost);
        }

        return seen;
    }

    private async Task<long> WalkAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var seen = 0L;
        IntegrityStep step;
        do
        {
            step = await walk.StepAsync(options.Value.PageSize, cancellationToken);
            seen += step.Chunks;
        }
        while (!step.HasEnded);

        metrics.WalkEnded(time.GetElapsedTime(startedAt));
        return seen;
    }

    [LoggerMessage(LogLevel.Error, "{Chunks} chunks of complete files have no live copy; GET /admin/integrity/lost lists them")]
    private partial void LogLost(long chunks);
}
