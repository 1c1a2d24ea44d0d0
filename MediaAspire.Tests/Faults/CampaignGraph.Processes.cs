using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.Faults;

/// <summary>The campaign's graph: kills, pauses and restarts its processes.</summary>
internal sealed partial class CampaignGraph
{
    private static readonly TimeSpan s_restartTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Waits until the resource is healthy.</summary>
    /// <remarks>A resource that was just started may be reported as ended for a moment: that state does not end the wait.</remarks>
    public Task WaitHealthyAsync(string resource, CancellationToken cancellationToken) =>
        App.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);

    /// <summary>Finds the processes of a resource: its launcher, the program and its children.</summary>
    public async Task<IReadOnlyList<int>> ProcessesOfAsync(string resource)
    {
        var state = await StateOfAsync(resource);
        var id = Assert.Single(state.Snapshot.Properties, property => property.Name == "executable.pid").Value;
        return ProcessTree.Of(Convert.ToInt32(id, CultureInfo.InvariantCulture));
    }

    /// <summary>Kills all processes of a resource with SIGKILL and waits until they are gone.</summary>
    public async Task KillAsync(string resource, CancellationToken cancellationToken) =>
        await ProcessTree.KillAsync(await ProcessesOfAsync(resource), cancellationToken);

    /// <summary>Pauses the processes of a resource with SIGSTOP.</summary>
    public async Task PauseAsync(string resource) => await ProcessTree.SignalAsync("STOP", await ProcessesOfAsync(resource));

    /// <summary>Resumes the paused processes of a resource.</summary>
    public async Task ResumeAsync(string resource) => await ProcessTree.SignalAsync("CONT", await ProcessesOfAsync(resource));

    /// <summary>Restarts a killed resource and waits until it is healthy.</summary>
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
                $"{resource} did not become healthy within {s_restartTimeout} after it was killed and restarted; "
                + $"it is {state.Snapshot.State?.Text}, {state.Snapshot.HealthStatus}.");
        }
    }

    private Task<ResourceEvent> StateOfAsync(string resource) => App.ResourceNotifications.WaitForResourceAsync(resource, _ => true);
}
