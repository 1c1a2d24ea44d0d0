using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public partial class ResourceNotificationService
{
    /// <summary>Waits for everything that a resource was told to wait for.</summary>
    /// <exception cref="DistributedApplicationException">One of them failed.</exception>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);

        var waits = resource.Annotations.OfType<WaitAnnotation>().Where(wait => wait.Resource is not IResourceWithoutLifetime).ToArray();
        if (waits.Length == 0)
        {
            return;
        }

        await PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Waiting });
        await Task.WhenAll(waits.SelectMany(wait =>
            wait.Resource.GetInstanceNames().Select(instance => WaitForDependencyAsync(resource, wait, instance, cancellationToken))));
    }

    private async Task WaitForDependencyAsync(IResource resource, WaitAnnotation wait, string instance, CancellationToken cancellationToken)
    {
        var behavior = wait.WaitBehavior ?? DefaultWaitBehavior;
        var log = _resourceLoggerService.GetLogger(resource);

        switch (wait.WaitType)
        {
            case WaitType.WaitForCompletion:
                LogWaiting(log, wait.Resource.Name, "complete");
                await WaitUntilCompletedAsync(resource, wait, instance, log, cancellationToken);
                break;
            case WaitType.WaitUntilStarted:
                LogWaiting(log, wait.Resource.Name, "start");
                await WaitUntilRunningAsync(resource, wait, instance, behavior, log, cancellationToken);
                break;
            default:
                LogWaiting(log, wait.Resource.Name, "become healthy");
                await WaitUntilRunningAsync(resource, wait, instance, behavior, log, cancellationToken);

                if (wait.Resource.HasAnnotationOfType<HealthCheckAnnotation>())
                {
                    await WaitUntilHealthyAsync(resource, wait, instance, behavior, log, cancellationToken);
                }

                await WaitUntilReadyAsync(wait.Resource.Name, instance, cancellationToken);
                break;
        }

        LogWaited(log, wait.Resource.Name);
    }

    private async Task WaitUntilRunningAsync(
        IResource resource,
        WaitAnnotation wait,
        string instance,
        WaitBehavior behavior,
        ILogger log,
        CancellationToken cancellationToken)
    {
        var reached = await WaitCoreAsync(
            wait.Resource.Name,
            change => change.ResourceId == instance
                && (change.Snapshot.State?.Text == KnownResourceStates.Running
                    || (behavior == WaitBehavior.StopOnResourceUnavailable && IsUnavailable(change.Snapshot))),
            "to run",
            cancellationToken);

        if (reached.Snapshot.State?.Text != KnownResourceStates.Running)
        {
            throw Unavailable(resource, wait, reached, log);
        }
    }

    private async Task WaitUntilHealthyAsync(
        IResource resource,
        WaitAnnotation wait,
        string instance,
        WaitBehavior behavior,
        ILogger log,
        CancellationToken cancellationToken)
    {
        var reached = await WaitCoreAsync(
            wait.Resource.Name,
            change => change.ResourceId == instance
                && (change.Snapshot.HealthStatus == HealthStatus.Healthy
                    || (behavior == WaitBehavior.StopOnResourceUnavailable && IsUnavailable(change.Snapshot))),
            "to become healthy",
            cancellationToken);

        if (reached.Snapshot.HealthStatus != HealthStatus.Healthy)
        {
            throw Unavailable(resource, wait, reached, log);
        }
    }

    private async Task WaitUntilCompletedAsync(
        IResource resource,
        WaitAnnotation wait,
        string instance,
        ILogger log,
        CancellationToken cancellationToken)
    {
        var reached = await WaitCoreAsync(
            wait.Resource.Name,
            change => change.ResourceId == instance
                && change.Snapshot.State?.Text is { } state
                && KnownResourceStates.TerminalStates.Contains(state),
            "to complete",
            cancellationToken);

        if (reached.Snapshot.State?.Text == KnownResourceStates.FailedToStart
            || (reached.Snapshot.ExitCode is { } exitCode && exitCode != wait.ExitCode))
        {
            throw Unavailable(resource, wait, reached, log);
        }
    }

    private static DistributedApplicationException Unavailable(IResource resource, WaitAnnotation wait, ResourceEvent reached, ILogger log)
    {
        var state = reached.Snapshot.State?.Text ?? "unknown";
        LogDependencyFailed(log, wait.Resource.Name, state, reached.Snapshot.ExitCode);

        return new($"Resource '{resource.Name}' stopped waiting for '{wait.Resource.Name}' because it is '{state}'{DescribeExit(reached)}.");
    }

    [LoggerMessage(LogLevel.Information, "Waiting for resource '{Dependency}' to {Expectation}.")]
    private static partial void LogWaiting(ILogger logger, string dependency, string expectation);

    [LoggerMessage(LogLevel.Information, "Finished waiting for resource '{Dependency}'.")]
    private static partial void LogWaited(ILogger logger, string dependency);

    [LoggerMessage(LogLevel.Error, "Resource '{Dependency}', which this one waits for, is '{State}' with exit code {ExitCode}.")]
    private static partial void LogDependencyFailed(ILogger logger, string dependency, string state, int? exitCode);
}
