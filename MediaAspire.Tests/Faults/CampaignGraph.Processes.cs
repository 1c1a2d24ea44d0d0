using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.Faults;

/// <summary>Kills, stops and restarts the processes of the graph.</summary>
internal sealed partial class CampaignGraph
{
    private static readonly TimeSpan s_restartTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Waits until the resource is healthy.</summary>
    /// <remarks>A resource that was just started may be shown as ended for a moment still: no reason to stop waiting.</remarks>
    public Task WaitHealthyAsync(string resource, CancellationToken cancellationToken) =>
        App.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);

    /// <summary>The processes of a resource: its launcher, the program, and what that started.</summary>
    public async Task<IReadOnlyList<int>> ProcessesOfAsync(string resource)
    {
        var state = await StateOfAsync(resource);
        var id = Assert.Single(state.Snapshot.Properties, property => property.Name == "executable.pid").Value;
        return ProcessTree.Of(Convert.ToInt32(id, CultureInfo.InvariantCulture));
    }

    /// <summary>Kills a resource's processes the hard way, all at once, and returns when they are gone.</summary>
    public async Task KillAsync(string resource, CancellationToken cancellationToken) =>
        await ProcessTree.KillAsync(await ProcessesOfAsync(resource), cancellationToken);

    /// <summary>Stops a resource's processes where they are.</summary>
    public async Task PauseAsync(string resource) => await ProcessTree.SignalAsync("STOP", await ProcessesOfAsync(resource));

    /// <summary>Lets them go on.</summary>
    public async Task ResumeAsync(string resource) => await ProcessTree.SignalAsync("CONT", await ProcessesOfAsync(resource));

    /// <summary>Starts a killed resource again; returns when it is healthy.</summary>
    public async Task RestartAsync(string resource, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(s_restartTimeout);
        try
        {
            await App.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, timeout.Token);
            var result = await App.ResourceCommands.ExecuteCommandAsync(
                (await StateOfAsync(resource)).ResourceId, KnownResourceCommands.StartCommand, timeout.Token);
            Assert.True(result.Success, result.Message);
            await WaitHealthyAsync(resource, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var state = await StateOfAsync(resource);
            throw new CampaignViolationException(
                $"{resource} did not become healthy within {s_restartTimeout} after it was killed and started again; it is {state.Snapshot.State?.Text}, {state.Snapshot.HealthStatus}.");
        }
    }

    private Task<ResourceEvent> StateOfAsync(string resource) => App.ResourceNotifications.WaitForResourceAsync(resource, _ => true);
}
