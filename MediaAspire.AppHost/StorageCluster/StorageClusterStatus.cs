using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.StorageCluster;

/// <summary>The state of a cluster, computed from the states of its nodes.</summary>
/// <param name="Healthy">Number of nodes that serve.</param>
/// <param name="Total">Number of nodes.</param>
/// <param name="Troubles">The other nodes, each with its state, as a sentence for people; empty when every node serves.</param>
/// <param name="IsSettled">Gets a value indicating whether every node either serves or has ended.</param>
internal sealed record StorageClusterStatus(int Healthy, int Total, string Troubles, bool IsSettled)
{
    /// <summary>The property of the cluster's resource that holds <see cref="Summary"/>.</summary>
    public const string NodesProperty = "storage.nodes";

    /// <summary>Gets one line for the dashboard, such as "5 of 6 healthy (storage-3 is not running)".</summary>
    public string Summary => $"{Healthy} of {Total} healthy{(Troubles.Length == 0 ? "" : $" ({Troubles})")}";

    /// <summary>Gets the style in which the dashboard shows the state.</summary>
    public string Style =>
        Healthy == Total ? KnownResourceStateStyles.Success : Healthy == 0 ? KnownResourceStateStyles.Error : KnownResourceStateStyles.Warn;

    /// <summary>Gets the health of the cluster: degraded while some nodes do not serve, unhealthy when all nodes fail to.</summary>
    public HealthStatus Health => Healthy == Total ? HealthStatus.Healthy : Healthy == 0 ? HealthStatus.Unhealthy : HealthStatus.Degraded;

    /// <summary>Computes the state of a cluster.</summary>
    /// <param name="nodes">The nodes, each with its last snapshot; <see langword="null"/> before the first one.</param>
    public static StorageClusterStatus Of(IReadOnlyCollection<(string Name, CustomResourceSnapshot? Snapshot)> nodes)
    {
        var others = nodes.Where(node => node.Snapshot?.HealthStatus != HealthStatus.Healthy).ToList();
        return new StorageClusterStatus(
            nodes.Count - others.Count,
            nodes.Count,
            string.Join(", ", others.Select(node => $"{node.Name} is {Describe(node.Snapshot)}")),
            others.TrueForAll(node => HasEnded(node.Snapshot)));
    }

    private static bool HasEnded(CustomResourceSnapshot? snapshot) =>
        snapshot?.State?.Text is { } state
        && (KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.FailedToStart);

    private static string Describe(CustomResourceSnapshot? snapshot) =>
        snapshot?.State?.Text is not { } state ? "unknown"
        : state == KnownResourceStates.Running ? "not healthy"
        : HasEnded(snapshot) ? "not running"
        : state.ToLowerInvariant();
}
