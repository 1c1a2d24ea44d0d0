using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Runs the application's resources on dcp.</summary>
internal sealed partial class ApplicationOrchestrator(
    DcpHost dcp,
    DistributedApplicationModel model,
    EndpointAllocator endpoints,
    InstanceRunner runner,
    ResourceStarter starter,
    ResourceUrlBuilder urls,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    IOptions<HealthCheckServiceOptions> healthChecks,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    TimeProvider timeProvider,
    ILogger<ApplicationOrchestrator> logger) : IHostedService, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_waveTimeout = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _starting = new();
    private readonly CancellationTokenSource _watching = new();
    private Task _watches = Task.CompletedTask;
    private bool _isStopped;

    /// <summary>Starts dcp and every resource that starts by itself; returns when all of them have been started.</summary>
    /// <exception cref="DistributedApplicationException">The model is wrong, or dcp does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _starting.Token);

        try
        {
            await RunAsync(starting.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before everything was up; the stop follows.
        }
    }

    /// <summary>Stops every resource, users before what they use, and dcp. Idempotent.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _starting.CancelAsync();

        try
        {
            await StopResourcesAsync(cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            LogUnreachable(exception);
        }
        finally
        {
            // Even a stop that is cut short leaves nothing behind: dcp stops what still runs.
            await dcp.StopAsync(cancellationToken);
            await _watching.CancelAsync();
            await _watches.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // A start that failed is not followed by a stop.
        await StopAsync(CancellationToken.None);
        _starting.Dispose();
        _watching.Dispose();
    }

    /// <inheritdoc />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var orchestrated = Prepare();

        await dcp.StartAsync(cancellationToken);
        await PublishInitialStatesAsync(cancellationToken);

        var serviceWatcher = new DcpWatcher<ServiceSpec, ServiceStatus>(
            dcp.Client, DcpKinds.Service, (_, _) => Task.CompletedTask, timeProvider, logger);
        _watches = Task.WhenAll(serviceWatcher.RunAsync(_watching.Token), runner.WatchAsync(_watching.Token));

        await CreateContainerNetworkAsync(cancellationToken);
        await endpoints.AllocateAsync(dcp.Client, serviceWatcher, cancellationToken);
        await PublishEndpointsAsync(orchestrated, cancellationToken);

        await Task.WhenAll(orchestrated.Select(resource => Task.Run(() => starter.StartAsync(resource, cancellationToken), cancellationToken)));
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
    }

    private IResource[] Prepare()
    {
        var registered = healthChecks.Value.Registrations.Select(registration => registration.Name).ToHashSet();

        foreach (var resource in model.Resources)
        {
            foreach (var check in resource.Annotations.OfType<HealthCheckAnnotation>().Where(check => !registered.Contains(check.Key)))
            {
                throw new DistributedApplicationException(
                    $"The health check '{check.Key}' is not registered and is required for resource '{resource.Name}'.");
            }

            resource.EnsureInstances(configuration["AppHost:Sha256"]!);
        }

        IResource[] orchestrated = [.. model.Resources.Where(resource => resource.IsOrchestrated())];
        foreach (var resource in orchestrated)
        {
            LifecycleCommands.AddTo(resource);
        }

        return orchestrated;
    }

    private async Task PublishInitialStatesAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            var relationships = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .Select(relationship => new RelationshipSnapshot(relationship.Resource.Name, relationship.Type)).Distinct();
            var parent = (resource as IResourceWithParent)?.Parent ?? resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .LastOrDefault(relationship => relationship.Type == KnownRelationshipTypes.Parent)?.Resource;
            var keys = resource.HealthCheckKeys();

            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                Relationships = [.. relationships],
                Properties = parent is null ? snapshot.Properties : [.. snapshot.Properties, new("resource.parentName", parent.GetInstanceNames()[0])],
                HealthReports = [.. keys.Select(key => new HealthReportSnapshot(key, Status: null, Description: null, ExceptionText: null))],
                CreationTimeStamp = snapshot.CreationTimeStamp ?? timeProvider.GetUtcNow().UtcDateTime,
            });

            await eventing.PublishAsync(
                new InitializeResourceEvent(resource, eventing, loggers, notifications, services),
                EventDispatchBehavior.NonBlockingConcurrent,
                cancellationToken);
        }
    }

    private async Task CreateContainerNetworkAsync(CancellationToken cancellationToken)
    {
        IResource[] containers = [.. model.Resources.Where(resource => resource.IsContainer())];
        if (containers.Length == 0)
        {
            return;
        }

        var isPersistent = containers.Any(container => container.IsPersistent());
        var hash = configuration["AppHost:Sha256"]!.ToLowerInvariant();
        await dcp.Client.CreateAsync(
            DcpKinds.ContainerNetwork,
            new()
            {
                Metadata = new() { Name = InstanceSpecs.ContainerNetworkName },
                Spec = new()
                {
                    NetworkName = isPersistent ? $"aspire-persistent-network-{hash[..8]}" : $"aspire-session-network-{Guid.CreateVersion7():n}",
                    Persistent = isPersistent ? true : null,
                },
            },
            cancellationToken);
    }

    private async Task PublishEndpointsAsync(IEnumerable<IResource> orchestrated, CancellationToken cancellationToken)
    {
        foreach (var resource in orchestrated)
        {
            if (resource.HasAnnotationOfType<EndpointAnnotation>())
            {
                await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken);
            }

            var addresses = await urls.BuildAsync(resource, cancellationToken);
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { Urls = [.. addresses] });
        }
    }

    private async Task StopResourcesAsync(CancellationToken cancellationToken)
    {
        IResource[] running =
        [
            .. model.Resources.Where(resource => resource.IsOrchestrated() && !resource.IsPersistent() && resource.GetInstances().Any(IsRunning)),
        ];

        foreach (var wave in StopOrder.Waves(running))
        {
            using var timeout = new CancellationTokenSource(s_waveTimeout, timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);

            try
            {
                await Task.WhenAll(wave.SelectMany(resource => resource.GetInstances()).Select(instance => runner.StopAsync(instance, either.Token)));
            }
            catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
            {
                LogSlowWave(exception, string.Join(", ", wave.Select(resource => resource.Name)), s_waveTimeout);
            }
        }
    }

    private bool IsRunning(ResourceInstance instance) =>
        notifications.TryGetCurrentState(instance.Name, out var current)
        && current.Snapshot.State?.Text is { } state
        && !KnownResourceStates.TerminalStates.Contains(state)
        && state != KnownResourceStates.NotStarted
        && state != KnownResourceStates.Waiting
        && state != KnownResourceStates.RuntimeUnhealthy;

    [LoggerMessage(LogLevel.Warning, "dcp does not answer any more; it stops its processes by itself.")]
    private partial void LogUnreachable(Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Resources} did not stop within {Timeout}; dcp ends them with the session.")]
    private partial void LogSlowWave(Exception exception, string resources, TimeSpan timeout);
}
