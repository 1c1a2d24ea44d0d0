using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Keeps the state of every resource and tells whoever watches or waits. Thread-safe.</summary>
public partial class ResourceNotificationService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IServiceProvider _serviceProvider;
    private readonly ResourceLoggerService _resourceLoggerService;
    private readonly IHostApplicationLifetime _hostApplicationLifetime;

    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService)
    {
        _logger = logger;
        _hostApplicationLifetime = hostApplicationLifetime;
        _serviceProvider = serviceProvider;
        _resourceLoggerService = resourceLoggerService;
        DefaultWaitBehavior = serviceProvider.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior
            ?? WaitBehavior.StopOnResourceUnavailable;
    }

    internal WaitBehavior DefaultWaitBehavior { get; }

    /// <summary>Changes the state of every instance of a resource.</summary>
    public async Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);

        foreach (var instance in resource.GetInstanceNames())
        {
            await PublishUpdateAsync(resource, instance, stateFactory);
        }
    }

    /// <summary>Changes the state of one instance.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);

        lock (_lock)
        {
            var before = _states.TryGetValue(resourceId, out var current) ? current.Snapshot : InitialSnapshot(resource);
            var after = WithCommands(resource, stateFactory(before));
            var change = new ResourceEvent(resource, resourceId, after);
            _states[resourceId] = change;

            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(change);
            }

            if (before.State?.Text != after.State?.Text && after.State is { Text.Length: > 0 })
            {
                LogStateChanged(resourceId, before.State?.Text, after.State.Text);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Gets the state of an instance, or of a resource that has only one.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        ArgumentNullException.ThrowIfNull(resourceId);

        if (_states.TryGetValue(resourceId, out resourceEvent))
        {
            return true;
        }

        var instances = _states.Values.Where(state => IsNamed(state, resourceId)).Take(2).ToArray();
        resourceEvent = instances.Length == 1 ? instances[0] : null;
        return resourceEvent is not null;
    }

    /// <summary>Watches every change, with the current state of everything first.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watcher = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);

        lock (_lock)
        {
            foreach (var state in _states.Values)
            {
                watcher.Writer.TryWrite(state);
            }

            _watchers.Add(watcher);
        }

        try
        {
            await foreach (var change in watcher.Reader.ReadAllAsync(stopping.Token))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    /// <summary>Waits for a resource to be in a state, <see cref="KnownResourceStates.Running"/> where none is given.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState], cancellationToken);

    /// <summary>Waits for a resource to be in one of some states, and says which.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName,
        IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToArray();
        var reached = await WaitCoreAsync(
            resourceName,
            change => change.Snapshot.State is { } state && states.Contains(state.Text, StringComparer.OrdinalIgnoreCase),
            $"to reach one of the states [{string.Join(", ", states)}]",
            cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits for a resource to satisfy a condition.</summary>
    public Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default) => WaitCoreAsync(resourceName, predicate, "to satisfy a condition", cancellationToken);

    /// <inheritdoc cref="WaitForResourceHealthyAsync(string, WaitBehavior, CancellationToken)" />
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits for a resource to run, be healthy and have its ready handlers done.</summary>
    /// <exception cref="DistributedApplicationException">
    /// It ended or does not exist, and <paramref name="waitBehavior"/> says to give up then.
    /// </exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default)
    {
        if (waitBehavior == WaitBehavior.StopOnResourceUnavailable
            && _serviceProvider.GetService<DistributedApplicationModel>() is { } model
            && !model.Resources.TryGetByName(resourceName, out _)
            && !TryGetCurrentState(resourceName, out _))
        {
            throw new DistributedApplicationException($"The resource '{resourceName}' is not part of the application.");
        }

        var healthy = await WaitCoreAsync(
            resourceName,
            change => change.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsUnavailable(change.Snapshot)),
            "to become healthy",
            cancellationToken);

        if (healthy.Snapshot.HealthStatus != HealthStatus.Healthy)
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it is '{healthy.Snapshot.State?.Text}'{DescribeExit(healthy)}.");
        }

        return await WaitUntilReadyAsync(resourceName, healthy.ResourceId, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    private static bool IsNamed(ResourceEvent change, string name) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private static bool IsUnavailable(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } state && (KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.RuntimeUnhealthy);

    private static string DescribeExit(ResourceEvent change) =>
        change.Snapshot.ExitCode is { } exitCode ? $" with exit code {exitCode}" : "";

    private static CustomResourceSnapshot InitialSnapshot(IResource resource) =>
        resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var annotation)
            ? annotation.InitialSnapshot
            : new() { ResourceType = resource.KindOf(), Properties = [] };

    private CustomResourceSnapshot WithCommands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, Services = _serviceProvider };
        var icon = resource.Annotations.OfType<ResourceIconAnnotation>().LastOrDefault();

        return snapshot with
        {
            Commands =
            [
                .. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => new ResourceCommandSnapshot(
                    command.Name,
                    command.UpdateState(context),
                    command.DisplayName,
                    command.DisplayDescription,
                    command.Parameter,
                    command.ConfirmationMessage,
                    command.IconName,
                    command.IconVariant,
                    command.IsHighlighted)),
            ],
            IconName = icon?.IconName ?? snapshot.IconName,
            IconVariant = icon?.IconVariant ?? snapshot.IconVariant,
        };
    }

    private async Task<ResourceEvent> WaitUntilReadyAsync(string resourceName, string resourceId, CancellationToken cancellationToken)
    {
        var ready = await WaitCoreAsync(
            resourceName,
            change => change.ResourceId == resourceId && change.Snapshot.ResourceReadyEvent is not null,
            "to be ready",
            cancellationToken);
        await ready.Snapshot.ResourceReadyEvent!.EventTask.WaitAsync(cancellationToken);
        return ready;
    }

    private async Task<ResourceEvent> WaitCoreAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        string expectation,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        ArgumentNullException.ThrowIfNull(predicate);

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, _disposing.Token, _hostApplicationLifetime.ApplicationStopping);

        try
        {
            await foreach (var change in WatchAsync(stopping.Token))
            {
                if (IsNamed(change, resourceName) && predicate(change))
                {
                    return change;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            var states = _states.Values.Where(state => IsNamed(state, resourceName)).Select(Describe).DefaultIfEmpty("unknown");
            throw new OperationCanceledException(
                $"Gave up waiting for resource '{resourceName}' {expectation}; its state is {string.Join(", ", states)}.",
                exception,
                cancellationToken);
        }

        throw new OperationCanceledException($"Gave up waiting for resource '{resourceName}' {expectation}.");
    }

    private static string Describe(ResourceEvent change)
    {
        var failing = change.Snapshot.HealthReports
            .Where(report => report.Status != HealthStatus.Healthy)
            .Select(report => $"{report.Name}: {report.Description ?? report.ExceptionText ?? "not checked yet"}");
        var health = change.Snapshot.HealthStatus is { } status ? $", {status}" : "";
        return $"'{change.Snapshot.State?.Text}'{health}{string.Concat(failing.Select(text => $" ({text})"))}{DescribeExit(change)}";
    }

    [LoggerMessage(LogLevel.Debug, "Resource {ResourceId} changed its state from {Before} to {After}.")]
    private partial void LogStateChanged(string resourceId, string? before, string after);
}

/// <summary>Options of <see cref="ResourceNotificationService"/>.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>Gets or sets what waiting does when the awaited resource fails.</summary>
    /// <value>The default is to stop waiting without a dashboard, and to wait on with one.</value>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}
