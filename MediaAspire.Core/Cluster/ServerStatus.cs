namespace MediaAspire.Core.Cluster;

/// <summary>What a storage server may be used for.</summary>
public enum ServerStatus
{
    /// <summary>Takes new chunks and serves its own.</summary>
    Online,

    /// <summary>Not heard of for longer than <see cref="ClusterOptions.OfflineAfter"/>, or stopped in good order.</summary>
    Offline,

    /// <summary>Serves its chunks but takes no new ones.</summary>
    Draining,

    /// <summary>Taken out of the cluster by an operator.</summary>
    Removed,
}
