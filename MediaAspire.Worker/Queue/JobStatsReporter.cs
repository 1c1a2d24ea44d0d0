using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Queue;

/// <summary>Counts the queue now and then, for the gauges. Every worker shows the same numbers.</summary>
internal sealed partial class JobStatsReporter(
    IJobStats stats, JobMetrics metrics, IOptions<JobWorkerOptions> options, TimeProvider time, ILogger<JobStatsReporter> logger)
        : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.StatsInterval, time);
        try
        {
            do
            {
                await ReportAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The worker stops.
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            metrics.Observe(await stats.ReadAsync(cancellationToken));
        }
        catch (JobQueueUnavailableException exception)
        {
            LogNotCounted(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Counting the queue failed: {Reason}")]
    private partial void LogNotCounted(string reason);
}
