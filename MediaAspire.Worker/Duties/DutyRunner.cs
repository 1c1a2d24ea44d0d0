using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Duties;

/// <summary>Runs one duty while this worker leads it.</summary>
internal sealed partial class DutyRunner(
    IDuty duty, DutyLeases leases, DutySignal signal, DutyMetrics metrics,
    IOptions<DutyOptions> options, TimeProvider time, ILogger<DutyRunner> logger)
    : BackgroundService
{
    private static readonly ActivitySource s_source = new("MediaAspire.Duties");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var lease = await DutyLease.TryTakeAsync(
                    leases, duty.Name, options.Value.LeaseDuration, time, logger, stoppingToken);
                if (lease is not null)
                {
                    await LeadAsync(lease, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogNoDatabase(duty.Name, exception.Message);
            }

            await Task.Delay(options.Value.LeaseDuration / 3, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(DutyLease lease, CancellationToken stoppingToken)
    {
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, stoppingToken);
        metrics.Lead(duty.Name, true);
        LogLeads(duty.Name);
        try
        {
            while (!leading.IsCancellationRequested)
            {
                var wanted = signal.NextAsync(duty.Name);
                var pause = await RunOnceAsync(leading.Token) ? duty.Interval : options.Value.RetryDelay;
                await Task.WhenAny(wanted, Task.Delay(pause, time, leading.Token));
            }
        }
        finally
        {
            metrics.Lead(duty.Name, false);
            LogNoLongerLeads(duty.Name);
        }
    }

    /// <returns><see langword="true"/> when the run succeeded.</returns>
    private async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        using var activity = s_source.StartActivity($"duty {duty.Name}");
        var startedAt = time.GetTimestamp();
        try
        {
            await leases.RecordStartAsync(duty.Name, cancellationToken);
            var items = await duty.RunAsync(cancellationToken);
            await leases.RecordEndAsync(duty.Name, error: null, cancellationToken);
            metrics.RunEnded(duty.Name, items, time.GetElapsedTime(startedAt));
            LogRan(duty.Name, items);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The boundary of a duty: any exception is logged and the next run begins, because a worker without this duty
            // would lose more than one that tries it again.
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            metrics.RunFailed(duty.Name, time.GetElapsedTime(startedAt));
            LogFailed(exception, duty.Name, options.Value.RetryDelay);
            await RecordFailureAsync(exception.Message, cancellationToken);
            return false;
        }
    }

    private async Task RecordFailureAsync(string error, CancellationToken cancellationToken)
    {
        try
        {
            await leases.RecordEndAsync(duty.Name, error, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            LogNoDatabase(duty.Name, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "This worker leads duty {Duty}")]
    private partial void LogLeads(string duty);

    [LoggerMessage(LogLevel.Information, "This worker no longer leads duty {Duty}")]
    private partial void LogNoLongerLeads(string duty);

    [LoggerMessage(LogLevel.Debug, "Duty {Duty} processed {Items} items")]
    private partial void LogRan(string duty, long items);

    [LoggerMessage(LogLevel.Warning, "Duty {Duty} failed; it runs again in {Delay}")]
    private partial void LogFailed(Exception exception, string duty, TimeSpan delay);

    [LoggerMessage(LogLevel.Warning, "Duty {Duty} cannot reach the database: {Reason}")]
    private partial void LogNoDatabase(string duty, string reason);
}
