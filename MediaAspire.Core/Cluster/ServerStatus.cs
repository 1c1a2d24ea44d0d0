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

public static class ServerStatusExtensions
{
    /// <summary>Spells a status as the database, the API and the metrics do.</summary>
    public static string ToText(this ServerStatus status) => status switch
    {
        ServerStatus.Online => "online",
        ServerStatus.Offline => "offline",
        ServerStatus.Draining => "draining",
        _ => "removed",
    };
}
