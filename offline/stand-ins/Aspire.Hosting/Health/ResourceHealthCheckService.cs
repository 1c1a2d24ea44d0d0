using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Health;

/// <summary>Checks the health of running resources, and says when one is ready.</summary>
internal sealed partial class ResourceHealthCheckService(
    ResourceNotificationService notifications,
    HealthCheckService healthChecks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider timeProvider,
    ILogger<ResourceHealthCheckService> logger) : BackgroundService
{
    private static readonly TimeSpan s_healthyInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_unhealthyStep = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_unhealthyLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<IResource, Monitor> _monitors = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (change.Snapshot.State?.Text == KnownResourceStates.Running)
                {
                    StartMonitor(change.Resource, stoppingToken);
                }
                else if (!change.Resource.GetInstanceNames().Any(IsRunning) && _monitors.Remove(change.Resource, out var monitor))
                {
                    await monitor.Stopping.CancelAsync();
                    monitor.Stopping.Dispose();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }

        await Task.WhenAll(_monitors.Values.Select(monitor => monitor.Running));
    }

    private static ImmutableArray<HealthReportSnapshot> Merge(ImmutableArray<HealthReportSnapshot> before, HealthReport report, DateTime lastRunAt) =>
    [
        .. before.Where(known => !report.Entries.ContainsKey(known.Name)),
        .. report.Entries.Select(entry => new HealthReportSnapshot(
            entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.ToString()) { LastRunAt = lastRunAt }),
    ];

    private bool IsRunning(string instance) =>
        notifications.TryGetCurrentState(instance, out var current) && current.Snapshot.State?.Text == KnownResourceStates.Running;

    private void StartMonitor(IResource resource, CancellationToken stoppingToken)
    {
        if (_monitors.ContainsKey(resource))
        {
            return;
        }

        var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var token = stopping.Token;
        _monitors[resource] = new(stopping, Task.Run(() => MonitorUntilStoppedAsync(resource, token), CancellationToken.None));
    }

    private async Task MonitorUntilStoppedAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await MonitorAsync(resource, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The resource or the application stops.
        }
    }

    private async Task MonitorAsync(IResource resource, CancellationToken cancellationToken)
    {
        var keys = resource.HealthCheckKeys().ToHashSet();
        var isReady = false;
        var failures = 0;

        while (true)
        {
            var report = await CheckAsync(keys, cancellationToken);
            var lastRunAt = timeProvider.GetUtcNow().UtcDateTime;

            if (keys.Count > 0)
            {
                await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { HealthReports = Merge(snapshot.HealthReports, report, lastRunAt) });
            }

            failures = report.Status == HealthStatus.Healthy ? 0 : failures + 1;
            if (failures == 0 && !isReady)
            {
                isReady = true;
                await AnnounceReadyAsync(resource, cancellationToken);
            }

            if (keys.Count == 0)
            {
                return;
            }

            var pause = failures == 0 ? s_healthyInterval : TimeSpan.FromTicks(Math.Min(s_unhealthyLimit.Ticks, s_unhealthyStep.Ticks * failures));
            await Task.Delay(pause, timeProvider, cancellationToken);
        }
    }

    private async Task<HealthReport> CheckAsync(HashSet<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return new(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero);
        }

        try
        {
            return await healthChecks.CheckHealthAsync(registration => keys.Contains(registration.Name), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            // A check that cannot even be made says the same as one that fails.
            var entry = new HealthReportEntry(HealthStatus.Unhealthy, "The health check could not be run.", TimeSpan.Zero, exception, data: null);
            return new(keys.ToDictionary(key => key, _ => entry), TimeSpan.Zero);
        }
    }

    private async Task AnnounceReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        var handlers = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);

        // Whoever waits sees the failure of a handler; the health goes on being watched.
        await handlers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (handlers.Exception is { } exception)
        {
            LogHandlerFailed(exception.InnerException ?? exception, resource.Name);
        }

        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { ResourceReadyEvent = new(handlers) });
    }

    [LoggerMessage(LogLevel.Error, "A handler of the event that '{Resource}' is ready failed.")]
    private partial void LogHandlerFailed(Exception exception, string resource);

    private sealed record Monitor(CancellationTokenSource Stopping, Task Running);
}
