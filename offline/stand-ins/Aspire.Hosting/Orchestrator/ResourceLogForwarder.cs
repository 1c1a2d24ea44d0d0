using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Hands every line of every resource's log to a sink, as it comes.</summary>
internal abstract class ResourceLogForwarder(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Task> _following = new(StringComparer.Ordinal);

    /// <summary>Takes a line.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="instance">The instance that the line is from.</param>
    /// <param name="line">The line.</param>
    protected abstract void Forward(IResource resource, string instance, LogLine line);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (!change.Snapshot.IsHidden)
                {
                    // What a resource says while it is being stopped is worth reading, so it is followed until all have stopped.
                    _ = _following.GetOrAdd(change.ResourceId, instance => FollowAsync(change.Resource, instance, lifetime.ApplicationStopped));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task FollowAsync(IResource resource, string instance, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in loggers.WatchAsync(instance).WithCancellation(cancellationToken))
            {
                foreach (var line in batch)
                {
                    Forward(resource, instance, line);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application has stopped.
        }
    }
}
