namespace MediaAspire.Storage.Chunks;

/// <summary>The outcome of restoring a chunk from the trash.</summary>
public enum TrashRestoration
{
    /// <summary>The chunk is among the node's chunks again.</summary>
    Restored,

    /// <summary>The node has the chunk already; the file stays in the trash.</summary>
    AlreadyThere,
}
