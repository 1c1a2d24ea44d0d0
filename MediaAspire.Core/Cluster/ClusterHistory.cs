using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>The identity and the history of the cluster's database.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Epoch">The number of accepted restores and 1.</param>
/// <param name="OpenRestores">Restores that the nodes have detected and no operator has accepted.</param>
public sealed record ClusterHistory(ClusterId Cluster, long Epoch, IReadOnlyList<DetectedRestore> OpenRestores);
