using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Gives resources the commands start, stop and restart.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IResource resource)
    {
        Add(resource, KnownResourceCommands.StartCommand, "Start", "Play", isHighlighted: true, StartAsync, state =>
            IsStopped(state) ? ResourceCommandState.Enabled
            : IsChanging(state) ? ResourceCommandState.Disabled
            : ResourceCommandState.Hidden);
        Add(resource, KnownResourceCommands.StopCommand, "Stop", "Stop", isHighlighted: true, StopAsync, state =>
            IsRunning(state) ? ResourceCommandState.Enabled
            : state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
            : ResourceCommandState.Hidden);
        Add(resource, KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", isHighlighted: false, RestartAsync, state =>
            IsRunning(state) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled);
    }

    private static void Add(
        IResource resource,
        string name,
        string displayName,
        string icon,
        bool isHighlighted,
        Func<ResourceStarter, ResourceInstance, CancellationToken, Task> execute,
        Func<string?, ResourceCommandState> state)
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().Any(command => command.Name == name))
        {
            return;
        }

        resource.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            context => state(context.ResourceSnapshot.State?.Text),
            async context =>
            {
                var starter = context.Services.GetRequiredService<ResourceStarter>();
                await execute(starter, starter.Find(context.ResourceName), context.CancellationToken);
                return CommandResults.Success();
            },
            $"{displayName} resource",
            parameter: null,
            confirmationMessage: null,
            icon,
            isHighlighted ? IconVariant.Filled : IconVariant.Regular,
            isHighlighted));
    }

    private static Task StartAsync(ResourceStarter starter, ResourceInstance instance, CancellationToken cancellationToken) =>
        starter.StartAsync(instance, cancellationToken);

    private static Task StopAsync(ResourceStarter starter, ResourceInstance instance, CancellationToken cancellationToken) =>
        starter.StopAsync(instance, cancellationToken);

    private static async Task RestartAsync(ResourceStarter starter, ResourceInstance instance, CancellationToken cancellationToken)
    {
        await starter.StopAsync(instance, cancellationToken);
        await starter.StartAsync(instance, cancellationToken);
    }

    private static bool IsStopped(string? state) =>
        state is not null && (KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted);

    private static bool IsChanging(string? state) =>
        string.IsNullOrEmpty(state) || state == KnownResourceStates.Starting || state == KnownResourceStates.Waiting
        || state == KnownResourceStates.RuntimeUnhealthy;

    private static bool IsRunning(string? state) => !IsStopped(state) && !IsChanging(state) && state != KnownResourceStates.Stopping;
}
