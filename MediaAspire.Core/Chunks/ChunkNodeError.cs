namespace MediaAspire.Core.Chunks;

/// <summary>Why a chunk node did not do what it was asked to.</summary>
public enum ChunkNodeError
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>The node is connected and does not move.</summary>
    TimedOut,

    /// <summary>The chunk is not there.</summary>
    NotFound,

    /// <summary>Bytes and checksums disagree, on the node's disk or on the way.</summary>
    Corrupt,

    /// <summary>The node has no room.</summary>
    NoSpace,

    /// <summary>The node holds other bytes under this chunk id.</summary>
    AlreadyExists,

    /// <summary>The node finds fault with the request.</summary>
    Invalid,

    /// <summary>The node asks for the cluster's token.</summary>
    Unauthenticated,

    /// <summary>The node gave up: it stops, or something failed inside it.</summary>
    Aborted,
}
