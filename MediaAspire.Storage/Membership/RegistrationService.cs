using System.Data.Common;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>Makes the node known to the cluster once it listens, and says at intervals that it lives.</summary>
public sealed partial class RegistrationService(
    NodeRegistry registry,
    NodeIdentity identity,
    ChunkStore store,
    IServer server,
    IHostApplicationLifetime lifetime,
    IOptions<StorageOptions> storage,
    IOptions<ClusterOptions> cluster,
    TimeProvider time,
    ILogger<RegistrationService> logger) : BackgroundService
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_signOffLimit = TimeSpan.FromSeconds(2);

    private volatile bool _isRegistered;

    /// <summary>Whether the cluster has this node on record.</summary>
    public bool IsRegistered => _isRegistered;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await WaitUntilListeningAsync(stopping.Token);
            await ReportForeverAsync(AdvertisedAddress(), stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await SignOffAsync();
        }
    }

    private async Task ReportForeverAsync(Uri address, CancellationToken cancellationToken)
    {
        var retry = s_firstRetry;
        while (true)
        {
            TimeSpan wait;
            try
            {
                await ReportAsync(address, cancellationToken);
                (wait, retry) = (cluster.Value.HeartbeatInterval, s_firstRetry);
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogDatabaseAway(exception.Message, retry);
                wait = retry;
                retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, cluster.Value.HeartbeatInterval.Ticks));
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task ReportAsync(Uri address, CancellationToken cancellationToken)
    {
        var report = new NodeReport(identity.Id, storage.Value.Name, address, store.AvailableBytes, store.UsedBytes, store.Count);
        if (!_isRegistered || !await registry.HeartbeatAsync(report, cancellationToken))
        {
            var status = await registry.RegisterAsync(report, cancellationToken);
            _isRegistered = true;
            if (status == ServerStatus.Removed)
            {
                LogRemoved(report.Name, report.Id);
            }
            else
            {
                LogRegistered(report.Name, report.Id, address, status);
            }
        }
    }

    /// <summary>Saves the others the wait until this node counts as offline.</summary>
    private async Task SignOffAsync()
    {
        if (!_isRegistered)
        {
            return;
        }

        using var limit = new CancellationTokenSource(s_signOffLimit, time);
        try
        {
            await registry.SignOffAsync(identity.Id, limit.Token);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            LogSignOffFailed(exception.Message);
        }
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private Uri AdvertisedAddress() =>
        storage.Value.AdvertisedAddress
        ?? NodeAddress.From(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [], Environment.MachineName)
        ?? throw new InvalidOperationException("The node listens on no address that it could register.");

    [LoggerMessage(LogLevel.Information, "Node {Name} ({ServerId}) registered at {Address} as {Status}")]
    private partial void LogRegistered(string name, ServerId serverId, Uri address, ServerStatus status);

    [LoggerMessage(
        LogLevel.Warning,
        "Node {Name} ({ServerId}) was removed from the cluster and takes no part in it; readmit it, or start it with an empty data directory")]
    private partial void LogRemoved(string name, ServerId serverId);

    [LoggerMessage(LogLevel.Warning, "Cannot report to the cluster ({Reason}); trying again in {Delay}")]
    private partial void LogDatabaseAway(string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Debug, "Could not sign off ({Reason}); the others will notice by the missing heartbeat")]
    private partial void LogSignOffFailed(string reason);
}
