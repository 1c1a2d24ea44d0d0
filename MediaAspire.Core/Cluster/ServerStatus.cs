namespace MediaAspire.Core.Cluster;

/// <summary>The status of a storage server, which decides its use.</summary>
public enum ServerStatus
{
    /// <summary>Takes new chunks and serves its own.</summary>
    Online,

    /// <summary>Without a heartbeat for longer than <see cref="ClusterOptions.OfflineAfter"/>, or stopped in good order.</summary>
    Offline,

    /// <summary>Serves its chunks, and gets no new ones.</summary>
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
