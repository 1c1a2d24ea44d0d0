namespace MediaAspire.Storage.Chunks;

/// <summary>The reason why a call to the store failed.</summary>
public enum ChunkStoreError
{
    /// <summary>The request is invalid, or contradicts an earlier one.</summary>
    Invalid,

    /// <summary>The range is not within the chunk.</summary>
    OutOfRange,

    /// <summary>The chunk does not exist.</summary>
    NotFound,

    /// <summary>Other bytes are sealed under this chunk id.</summary>
    AlreadyExists,

    /// <summary>Bytes and checksums differ.</summary>
    Corrupt,

    /// <summary>The disk is full up to its reserve.</summary>
    NoSpace,

    /// <summary>The database that decides is older than the one that the node has seen, or the node cannot judge it.</summary>
    Fenced,
}
