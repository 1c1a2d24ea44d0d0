using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.Offline;

/// <summary>The stand-in's orchestrator, over a dcp that does not hear everything.</summary>
public sealed class OrchestratorTests : IAsyncLifetime, IDisposable
{
    private const string Name = "sleeper";

    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromMinutes(1));
    private FakeDcp _dcp = null!;
    private DistributedApplication _app = null!;

    private ResourceNotificationService Notifications => _app.ResourceNotifications;

    public async Task InitializeAsync()
    {
        _dcp = await FakeDcp.StartAsync();
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = [$"--DcpPublisher:CliPath={_dcp.Program}"],
            DisableDashboard = true,
        });
        builder.AddExecutable(Name, "sleep", ".", "600");
        _app = builder.Build();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _dcp.DisposeAsync();
    }

    public void Dispose() => _timeout.Dispose();

    [StandInFact]
    public async Task Start_DcpMissesThatItIsToStart_ItIsToldAgain()
    {
        _dcp.IsInattentive = true;

        await _app.StartAsync(_timeout.Token);

        Assert.Equal(1, _dcp.Started);
        await Notifications.WaitForResourceAsync(Name, KnownResourceStates.Running, _timeout.Token);
    }

    [StandInFact]
    public async Task StartCommand_DcpMissesDeletionAndCreation_ANewProcessRunsAndNoOldStateComesBack()
    {
        await _app.StartAsync(_timeout.Token);
        var first = await Notifications.WaitForResourceAsync(Name, state => ProcessOf(state) is not null, _timeout.Token);
        _dcp.Finish(first.ResourceId);
        await Notifications.WaitForResourceAsync(Name, KnownResourceStates.TerminalStates, _timeout.Token);
        _dcp.IsInattentive = true;

        var states = ListStatesUntilRunningAsync();
        var result = await _app.ResourceCommands.ExecuteCommandAsync(first.ResourceId, KnownResourceCommands.StartCommand, _timeout.Token);

        Assert.True(result.Success, result.Message);
        Assert.Equal(2, _dcp.Started);
        Assert.DoesNotContain(await states, KnownResourceStates.TerminalStates.Contains!);
        var second = await Notifications.WaitForResourceAsync(Name, state => ProcessOf(state) is not null, _timeout.Token);
        Assert.NotEqual(ProcessOf(first), ProcessOf(second));
    }

    /// <summary>Lists the states from the next start on.</summary>
    private async Task<List<string?>> ListStatesUntilRunningAsync()
    {
        var states = new List<string?>();
        await foreach (var change in Notifications.WatchAsync(_timeout.Token))
        {
            var state = change.Snapshot.State?.Text;
            if (states.Count > 0 || state == KnownResourceStates.Starting)
            {
                states.Add(state);
            }

            if (state == KnownResourceStates.Running)
            {
                break;
            }
        }

        return states;
    }

    private static string? ProcessOf(ResourceEvent state) =>
        Convert.ToString(state.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value, CultureInfo.InvariantCulture) is { Length: > 0 } id ? id : null;
}
