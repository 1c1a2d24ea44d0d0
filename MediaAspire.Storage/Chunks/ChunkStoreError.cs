namespace MediaAspire.Storage.Chunks;

/// <summary>Why the store did not do what it was asked to.</summary>
public enum ChunkStoreError
{
    /// <summary>The request contradicts itself or what came before.</summary>
    Invalid,

    /// <summary>The range asked for does not lie within the chunk.</summary>
    OutOfRange,

    NotFound,

    /// <summary>Other bytes are sealed under this chunk id.</summary>
    AlreadyExists,

    /// <summary>Bytes and checksums disagree.</summary>
    Corrupt,

    /// <summary>The disk is full, or its reserve would be touched.</summary>
    NoSpace,
}
