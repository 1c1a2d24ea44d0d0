using System.Data.Common;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>A service that registers the node with the cluster once it listens, and sends heartbeats.</summary>
/// <remarks>
/// A database of another cluster does not end the process, because a restart loop would hide the reason. The node stays unhealthy, reports
/// the reason, and registers as soon as the right database is back.
/// </remarks>
internal sealed partial class RegistrationService(
    NodeRegistry registry,
    NodeIdentity identity,
    ClusterAdmission admission,
    SeenHistory history,
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
    private volatile string? _refusal;
    private volatile bool _isRestoreOpen;

    /// <summary>Gets a value indicating whether the node is registered.</summary>
    public bool IsRegistered => _isRegistered;

    /// <summary>Gets the reason why the node must not register with its database; null when it may, or before the first check.</summary>
    public string? Refusal => _refusal;

    /// <summary>Gets a value indicating whether the database was restored from a backup, and no operator has accepted that.</summary>
    public bool IsRestoreOpen => _isRestoreOpen;

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
        if (_isRegistered && identity.Cluster is { } joined
            && await registry.HeartbeatAsync(Report(address, joined), cancellationToken) is { } standing)
        {
            Follow(standing);
            return;
        }

        // Another database may replace the one that was checked, so each statement checks for itself: after a null, check again.
        NodeStanding? registered;
        do
        {
            if (await admission.CheckAsync(cancellationToken) is { } refusal)
            {
                Refuse(refusal.Reason);
                if (refusal.IsOlder)
                {
                    await registry.ReportRestoreAsync(Report(address, identity.Cluster!.Value), cancellationToken);
                }

                return;
            }

            registered = await registry.RegisterAsync(Report(address, identity.Cluster!.Value), cancellationToken);
        }
        while (registered is null);

        Follow(registered);
        _refusal = null;
        _isRegistered = true;
        if (registered.Status == ServerStatus.Removed)
        {
            LogRemoved(storage.Value.Name, identity.Id);
        }
        else
        {
            LogRegistered(storage.Value.Name, identity.Id, address, registered.Status, identity.Cluster.Value);
        }
    }

    /// <summary>Takes over what the database answered to a report.</summary>
    private void Follow(NodeStanding standing)
    {
        history.Confirm(standing);
        if (standing.IsRestoreOpen && !_isRestoreOpen)
        {
            LogRestored(storage.Value.Name, identity.Id, history.Seen, standing.Mark);
        }

        _isRestoreOpen = standing.IsRestoreOpen;
    }

    private NodeReport Report(Uri address, ClusterId cluster) =>
        new(
            identity.Id, cluster, storage.Value.Name, address, store.AvailableBytes, store.UsedBytes, store.Count, store.TrashBytes,
            history.Seen, history.SeenAt);

    private void Refuse(string refusal)
    {
        _isRegistered = false;
        history.Suspend();
        if (_refusal != refusal)
        {
            _refusal = refusal;
            LogRefused(storage.Value.Name, identity.Id, refusal);
        }
    }

    /// <summary>Reports the node as offline, so that the cluster need not wait for missing heartbeats.</summary>
    private async Task SignOffAsync()
    {
        SaveHistory();
        if (!_isRegistered || identity.Cluster is not { } joined)
        {
            return;
        }

        using var limit = new CancellationTokenSource(s_signOffLimit, time);
        try
        {
            await registry.SignOffAsync(identity.Id, joined, limit.Token);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            LogSignOffFailed(exception.Message);
        }
    }

    private void SaveHistory()
    {
        try
        {
            history.Save();
        }
        catch (IOException exception)
        {
            LogNotSaved(exception.Message);
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
        ?? throw new InvalidOperationException(
            "The node does not listen on an address. Set ASPNETCORE_URLS, or Storage:AdvertisedAddress.");

    [LoggerMessage(LogLevel.Information, "Node {Name} ({ServerId}) registered at {Address} as {Status} in cluster {ClusterId}")]
    private partial void LogRegistered(string name, ServerId serverId, Uri address, ServerStatus status, ClusterId clusterId);

    [LoggerMessage(LogLevel.Error, "Node {Name} ({ServerId}) cannot register, and stays unhealthy until it can: {Reason}")]
    private partial void LogRefused(string name, ServerId serverId, string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "Node {Name} ({ServerId}) was removed from the cluster and gets no chunks; readmit it, or start it with an empty data directory")]
    private partial void LogRemoved(string name, ServerId serverId);

    [LoggerMessage(
        LogLevel.Error,
        "Node {Name} ({ServerId}) has seen {Seen} of its database, which is at {Own} now or behind for another node: it was restored from "
        + "a backup. Nothing is deleted until that is settled; GET /admin/cluster and docs/operations/restore.md explain it")]
    private partial void LogRestored(string name, ServerId serverId, HeartbeatMark seen, HeartbeatMark own);

    [LoggerMessage(LogLevel.Warning, "Saving the last mark of the database failed: {Reason}. The disk keeps an earlier one")]
    private partial void LogNotSaved(string reason);

    [LoggerMessage(LogLevel.Warning, "Reporting to the cluster failed: {Reason}. Retrying in {Delay}")]
    private partial void LogDatabaseAway(string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Debug, "Signing off failed: {Reason}. The cluster will detect the missing heartbeats")]
    private partial void LogSignOffFailed(string reason);
}
