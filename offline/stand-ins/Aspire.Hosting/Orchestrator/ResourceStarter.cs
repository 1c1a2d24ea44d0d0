using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Starts resources once what they wait for is there, and stops and starts single instances by command.</summary>
internal sealed partial class ResourceStarter(
    InstanceRunner runner,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    ILogger<ResourceStarter> logger)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Starts all instances of a resource; one that cannot start shows it in its state and its log.</summary>
    public async Task StartAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
        {
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.NotStarted });
            return;
        }

        await StartAsync(resource, resource.GetInstances(), cancellationToken);
    }

    /// <summary>Starts an instance that does not run.</summary>
    public async Task StartAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(instance, cancellationToken);
        await runner.DeleteAsync(instance, cancellationToken);
        await StartAsync(instance.Resource, [instance], cancellationToken);
    }

    /// <summary>Stops an instance and waits until it has ended.</summary>
    public async Task StopAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(instance, cancellationToken);
        await runner.StopAsync(instance, cancellationToken);
    }

    /// <summary>Finds an instance by name.</summary>
    /// <exception cref="DistributedApplicationException">There is none of that name.</exception>
    public ResourceInstance Find(string name) =>
        model.Resources.Where(resource => resource.IsOrchestrated()).SelectMany(resource => resource.GetInstances())
            .FirstOrDefault(instance => instance.Name == name)
        ?? throw new DistributedApplicationException($"Resource '{name}' is not run by the orchestrator.");

    private static CustomResourceSnapshot AsStarting(IResource resource, CustomResourceSnapshot snapshot) => snapshot with
    {
        State = KnownResourceStates.Starting,
        ExitCode = null,
        StopTimeStamp = null,
        ResourceReadyEvent = null,
        HealthReports = [.. resource.HealthCheckKeys().Select(key => new HealthReportSnapshot(key, Status: null, Description: null, ExceptionText: null))],
    };

    private async Task StartAsync(IResource resource, IReadOnlyList<ResourceInstance> instances, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var instance in instances)
            {
                await notifications.PublishUpdateAsync(resource, instance.Name, snapshot => AsStarting(resource, snapshot));
            }

            await PublishConnectionStringsAsync(resource, cancellationToken);
            await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken);
            await notifications.WaitForDependenciesAsync(resource, cancellationToken);

            foreach (var instance in instances)
            {
                await notifications.PublishUpdateAsync(resource, instance.Name, snapshot => snapshot with { State = KnownResourceStates.Starting });
                await runner.CreateAsync(instance, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            LogFailedToStart(loggers.GetLogger(resource), exception, resource.Name);
            LogFailedToStart(logger, exception, resource.Name);

            foreach (var instance in instances)
            {
                await notifications.PublishUpdateAsync(resource, instance.Name, snapshot => snapshot with
                {
                    State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                });
            }
        }
    }

    private async Task PublishConnectionStringsAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var source in model.DescendantsOf(resource).Prepend(resource).OfType<IResourceWithConnectionString>())
        {
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(source, services), cancellationToken);

            var connectionString = await source.GetConnectionStringAsync(cancellationToken);
            await notifications.PublishUpdateAsync(source, snapshot => snapshot with
            {
                Properties =
                [
                    .. snapshot.Properties.Where(property => property.Name != CustomResourceKnownProperties.ConnectionString),
                    new(CustomResourceKnownProperties.ConnectionString, connectionString) { IsSensitive = true },
                ],
            });
        }
    }

    private async Task<IDisposable> TakeTurnAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(instance.Name, _ => new(1, 1));
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    [LoggerMessage(LogLevel.Error, "Failed to start resource '{Resource}'.")]
    private static partial void LogFailedToStart(ILogger logger, Exception exception, string resource);

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
