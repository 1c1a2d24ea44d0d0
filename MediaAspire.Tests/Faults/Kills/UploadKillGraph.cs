using Aspire.Hosting.ApplicationModel;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults.Kills;

/// <summary>A graph whose processes notice within seconds that another one was killed, and whose uploads have small pieces.</summary>
internal sealed class UploadKillGraph : GraphFixture
{
    private static readonly TimeSpan s_restart = TimeSpan.FromMinutes(2);

    protected override string[] Settings =>
    [
        "--Uploads:Sessions:PieceBytes=262144", "--Uploads:Sessions:TakeOverWithin=00:00:01",
        "--Uploads:Sessions:CompletionLostAfter=00:00:05",
        "--Uploads:Sessions:SweepInterval=00:00:02", "--S3:MinPartSize=262144", "--Cluster:HeartbeatInterval=00:00:01",
        "--Cluster:OfflineAfter=00:00:04", "--Cluster:RefreshInterval=00:00:02", "--Cluster:SuspectFor=00:00:02",
        "--Chunks:IdleTimeout=00:00:03", "--Chunks:ConnectTimeout=00:00:01", "--Jobs:LeaseDuration=00:00:05",
        "--Jobs:RetryDelay=00:00:00.200", "--Duties:LeaseDuration=00:00:03",
    ];

    /// <summary>Kills a resource's process with SIGKILL, restarts it and waits until it is healthy.</summary>
    public async Task KillAndRestartAsync(string resource)
    {
        using var limit = new CancellationTokenSource(s_restart);
        await KillAsync(resource);
        await App.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, limit.Token);
        var state = await App.ResourceNotifications.WaitForResourceAsync(resource, _ => true, limit.Token);
        var result = await App.ResourceCommands.ExecuteCommandAsync(state.ResourceId, KnownResourceCommands.StartCommand, limit.Token);
        Assert.True(result.Success, result.Message);
        await WaitHealthyAsync(resource, limit.Token);
    }
}
