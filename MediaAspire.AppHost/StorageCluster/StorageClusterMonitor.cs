using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.StorageCluster;

/// <summary>Keeps the state of the cluster's resource in step with its nodes while the graph runs.</summary>
/// <remarks>
/// The cluster becomes Running when all nodes serve or have ended. A node that hangs delays this by <see cref="Patience"/> at most. From
/// then on the cluster stays Running in every state of its nodes, so that consumers can be restarted while a node is dead.
/// </remarks>
internal sealed class StorageClusterMonitor(StorageClusterResource cluster, ResourceNotificationService notifications, TimeProvider time)
    : IHealthCheck, IDisposable
{
    /// <summary>The longest time between the first healthy node and the start of a cluster in which nodes are missing.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _publishing = new(1);
    private bool _isRunning;
    private string? _published;

    /// <summary>Follows the nodes until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var nodes = cluster.Nodes.Select(node => node.Resource.Name).ToHashSet(StringComparer.Ordinal);
        Task? patience = null;
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (nodes.Contains(change.Resource.Name))
            {
                await PublishAsync(runAnyway: false, cancellationToken);
                patience ??= Read().Healthy > 0 ? RunAfterPatienceAsync(cancellationToken) : null;
            }
        }
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = Read();
        return Task.FromResult(new HealthCheckResult(status.Health, status.Summary));
    }

    /// <inheritdoc />
    public void Dispose() => _publishing.Dispose();

    private async Task RunAfterPatienceAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Patience, time, cancellationToken);
        await PublishAsync(runAnyway: true, cancellationToken);
    }

    private StorageClusterStatus Read() => StorageClusterStatus.Of(
        [.. cluster.Nodes.Select(node => (
            node.Resource.Name,
            notifications.TryGetCurrentState(node.Resource.Name, out var current) ? current.Snapshot : null))]);

    private async Task PublishAsync(bool runAnyway, CancellationToken cancellationToken)
    {
        await _publishing.WaitAsync(cancellationToken);
        try
        {
            var status = Read();
            _isRunning |= status.Healthy > 0 && (runAnyway || status.IsSettled);
            if (_published == $"{_isRunning} {status.Summary}")
            {
                return;
            }

            _published = $"{_isRunning} {status.Summary}";
            await notifications.PublishUpdateAsync(cluster, snapshot => snapshot with
            {
                State = _isRunning ? new ResourceStateSnapshot(KnownResourceStates.Running, status.Style) : KnownResourceStates.Waiting,
                Properties =
                [
                    .. snapshot.Properties.Where(property => property.Name != StorageClusterStatus.NodesProperty),
                    new(StorageClusterStatus.NodesProperty, status.Summary),
                ],
            });
        }
        finally
        {
            _publishing.Release();
        }
    }
}
