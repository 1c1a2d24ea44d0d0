using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;
using Container = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ContainerSpec, Aspire.Hosting.Dcp.ContainerStatus>;
using Executable = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ExecutableSpec, Aspire.Hosting.Dcp.ExecutableStatus>;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Creates, stops and deletes instances in dcp, and publishes what becomes of them.</summary>
internal sealed partial class InstanceRunner(
    DcpHost dcp,
    DistributedApplicationModel model,
    InstanceSpecs specs,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider timeProvider,
    ILogger<InstanceRunner> logger)
{
    // Far longer than dcp takes to look at an object, on a busy machine as well.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, ResourceInstance> _instances = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _logStreams = new();
    private DcpWatcher<ExecutableSpec, ExecutableStatus>? _executables;
    private DcpWatcher<ContainerSpec, ContainerStatus>? _containers;
    private DcpLogStream? _logs;

    /// <summary>Follows what becomes of all instances until cancelled.</summary>
    public Task WatchAsync(CancellationToken cancellationToken)
    {
        foreach (var instance in model.Resources.Where(resource => resource.IsOrchestrated()).SelectMany(resource => resource.GetInstances()))
        {
            _instances[instance.Name] = instance;
        }

        _logs = new(dcp.Client, loggers, logger);
        _executables = new(dcp.Client, DcpKinds.Executable, (name, value) => OnChangedAsync(name, value, cancellationToken), timeProvider, logger);
        var watches = new List<Task> { _executables.RunAsync(cancellationToken) };

        if (model.Resources.Any(resource => resource.IsContainer()))
        {
            _containers = new(dcp.Client, DcpKinds.Container, (name, value) => OnChangedAsync(name, value, cancellationToken), timeProvider, logger);
            watches.Add(_containers.RunAsync(cancellationToken));
        }

        return Task.WhenAll(watches);
    }

    /// <summary>Waits for the logs of instances that have ended to be read to their end.</summary>
    public Task DrainLogsAsync() => Task.WhenAll(_logStreams.Values);

    /// <summary>Creates an instance; returns when dcp has set about starting it.</summary>
    public async Task CreateAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        if (instance.Resource.IsContainer())
        {
            await CreateAsync(DcpKinds.Container, _containers!, await specs.ContainerAsync(instance, cancellationToken), cancellationToken);
        }
        else
        {
            await CreateAsync(DcpKinds.Executable, _executables!, await specs.ExecutableAsync(instance, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Stops an instance and waits until it has ended; nothing happens where it does not run.</summary>
    public Task StopAsync(ResourceInstance instance, CancellationToken cancellationToken) => instance.Resource.IsContainer()
        ? StopAsync(DcpKinds.Container, _containers!, instance.Name, cancellationToken)
        : StopAsync(DcpKinds.Executable, _executables!, instance.Name, cancellationToken);

    /// <summary>Deletes an instance and waits until it is gone; nothing happens where there is none.</summary>
    public Task DeleteAsync(ResourceInstance instance, CancellationToken cancellationToken) => instance.Resource.IsContainer()
        ? DeleteAsync(DcpKinds.Container, _containers!, instance.Name, cancellationToken)
        : DeleteAsync(DcpKinds.Executable, _executables!, instance.Name, cancellationToken);

    private async Task CreateAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        DcpWatcher<TSpec, TStatus> watcher,
        DcpObject<TSpec, TStatus> value,
        CancellationToken cancellationToken)
        where TStatus : class, IInstanceStatus
    {
        await dcp.Client.CreateAsync(kind, value, cancellationToken);
        await InsistAsync(
            watcher,
            value.Metadata.Name,
            seen => seen is not null && (seen.Metadata.Finalizers is { Count: > 0 } || !string.IsNullOrEmpty(seen.Status?.State)),
            () => dcp.Client.TouchAsync(kind, value.Metadata.Name, cancellationToken),
            cancellationToken);
    }

    private async Task StopAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        DcpWatcher<TSpec, TStatus> watcher,
        string name,
        CancellationToken cancellationToken)
        where TStatus : class, IInstanceStatus
    {
        if (await dcp.Client.RequestStopAsync(kind, name, cancellationToken))
        {
            await InsistAsync(
                watcher,
                name,
                seen => seen is null || InstanceState.HasEnded(seen.Status?.State),
                () => dcp.Client.TouchAsync(kind, name, cancellationToken),
                cancellationToken);
        }
    }

    private async Task DeleteAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        DcpWatcher<TSpec, TStatus> watcher,
        string name,
        CancellationToken cancellationToken)
    {
        if (await dcp.Client.DeleteAsync(kind, name, cancellationToken))
        {
            await InsistAsync(watcher, name, seen => seen is null, () => dcp.Client.TouchAsync(kind, name, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Waits for what dcp makes of a request, and draws its attention to the object now and then while nothing comes of it.</summary>
    /// <remarks>
    /// dcp's controllers hear of changes by a watch, and two that follow closely on each other may reach them in the wrong order:
    /// when "added" overtakes the "deleted" of the object that had the name before, they take the new one for deleted and never start
    /// it, though the request was answered with success. Up to 0.25.13 at least, whose tilt-apiserver 0.18.0 announces changes side by
    /// side; https://github.com/microsoft/aspire repeats its deletes for the same reason.
    /// </remarks>
    private async Task InsistAsync<TSpec, TStatus>(
        DcpWatcher<TSpec, TStatus> watcher,
        string name,
        Func<DcpObject<TSpec, TStatus>?, bool> condition,
        Func<Task<bool>> touch,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            using var patience = new CancellationTokenSource(s_patience, timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            try
            {
                await watcher.WaitForAsync(name, condition, either.Token);
                return;
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                LogTouched(name, s_patience);
            }

            if (!await touch())
            {
                // It is gone meanwhile, and there is nothing to wait for.
                return;
            }
        }
    }

    private async Task OnChangedAsync(string name, Executable? executable, CancellationToken cancellationToken)
    {
        if (executable is not null && _instances.TryGetValue(name, out var instance))
        {
            FollowLogs(executable.Metadata.Uid, executable.Status?.State, () => _logs!.FollowExecutableAsync(name, cancellationToken));
            await PublishAsync(instance, before => InstanceState.Of(instance.Resource, executable, before), cancellationToken);
        }
    }

    private async Task OnChangedAsync(string name, Container? container, CancellationToken cancellationToken)
    {
        if (container is not null && _instances.TryGetValue(name, out var instance))
        {
            FollowLogs(container.Metadata.Uid, container.Status?.State, () => _logs!.FollowContainerAsync(name, cancellationToken));
            await PublishAsync(instance, before => InstanceState.Of(container, before), cancellationToken);
            await HandToDescendantsAsync(instance);
        }
    }

    // dcp has no log of an object that it has not looked at yet. A restarted instance is a new object with a new id.
    private void FollowLogs(string? id, string? state, Func<Task> follow)
    {
        if (id is not null && !string.IsNullOrEmpty(state))
        {
            _logStreams.GetOrAdd(id, _ => follow());
        }
    }

    private async Task PublishAsync(
        ResourceInstance instance,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> change,
        CancellationToken cancellationToken)
    {
        var wasEnded = notifications.TryGetCurrentState(instance.Name, out var before) && HasEnded(before.Snapshot);
        await notifications.PublishUpdateAsync(instance.Resource, instance.Name, change);

        if (!wasEnded && notifications.TryGetCurrentState(instance.Name, out var after) && HasEnded(after.Snapshot))
        {
            LogEnded(instance.Name, after.Snapshot.State!.Text, after.Snapshot.ExitCode);

            foreach (var resource in model.DescendantsOf(instance.Resource).Prepend(instance.Resource))
            {
                // Handlers may take their time, and the changes of other instances must not wait for them.
                await eventing.PublishAsync(
                    new ResourceStoppedEvent(resource, services, after), EventDispatchBehavior.NonBlockingSequential, cancellationToken);
            }
        }
    }

    private async Task HandToDescendantsAsync(ResourceInstance instance)
    {
        if (!notifications.TryGetCurrentState(instance.Name, out var current))
        {
            return;
        }

        foreach (var child in model.DescendantsOf(instance.Resource))
        {
            await notifications.PublishUpdateAsync(child, before => before with
            {
                State = current.Snapshot.State,
                StartTimeStamp = current.Snapshot.StartTimeStamp,
                StopTimeStamp = current.Snapshot.StopTimeStamp,
            });
        }
    }

    private static bool HasEnded(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state);

    [LoggerMessage(LogLevel.Debug, "dcp has not done within {Patience} what was asked of it for {Instance}; its attention is drawn to it.")]
    private partial void LogTouched(string instance, TimeSpan patience);

    [LoggerMessage(LogLevel.Debug, "{Instance} is {State} with exit code {ExitCode}.")]
    private partial void LogEnded(string instance, string state, int? exitCode);
}
