using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Cluster;

/// <summary>The metrics of the cluster as this process sees it.</summary>
public sealed class ClusterMetrics
{
    public const string MeterName = "MediaAspire.Cluster";

    private readonly Counter<long> _unreachable;
    private ClusterSnapshot _snapshot = ClusterSnapshot.Empty;

    public ClusterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "mediaaspire.cluster.ring.points", () => Volatile.Read(ref _snapshot).Ring.Count, "{point}", "Virtual nodes on the ring.");
        meter.CreateObservableGauge("mediaaspire.cluster.servers", CountServers, "{server}", "Known storage servers by status.");
        meter.CreateObservableGauge(
            "mediaaspire.cluster.restores.open", () => Volatile.Read(ref _snapshot).History?.OpenRestores.Count ?? 0, "{server}",
            "Servers that have seen a later state of the database. Above 0, nothing is deleted.");
        _unreachable = meter.CreateCounter<long>(
            "mediaaspire.cluster.unreachable", "{report}", "Times that this process could not reach a storage server.");
    }

    internal void Observe(ClusterSnapshot snapshot) => Volatile.Write(ref _snapshot, snapshot);

    internal void CountUnreachable() => _unreachable.Add(1);

    // All four, so that a status without servers reads as zero rather than as its last value.
    private IEnumerable<Measurement<int>> CountServers()
    {
        var servers = Volatile.Read(ref _snapshot).Servers;
        return Enum.GetValues<ServerStatus>().Select(status => new Measurement<int>(
            servers.Count(server => server.Status == status),
            new KeyValuePair<string, object?>("mediaaspire.server.status", status.ToText())));
    }
}
