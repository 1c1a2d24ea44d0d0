namespace MediaAspire.Core.Chunks;

/// <summary>The reason why a call to a chunk node failed.</summary>
public enum ChunkNodeError
{
    /// <summary>The connection could not be made, or it broke.</summary>
    Unreachable,

    /// <summary>The node is connected and makes no progress.</summary>
    TimedOut,

    /// <summary>The node does not have the chunk.</summary>
    NotFound,

    /// <summary>Bytes and checksums differ, on the node's disk or in transit.</summary>
    Corrupt,

    /// <summary>The node is out of space.</summary>
    NoSpace,

    /// <summary>The node holds other bytes under this chunk id.</summary>
    AlreadyExists,

    /// <summary>The node rejected the request as invalid.</summary>
    Invalid,

    /// <summary>The cluster's token is missing or wrong.</summary>
    Unauthenticated,

    /// <summary>The node aborted the call: it is stopping, or failed internally.</summary>
    Aborted,
}
