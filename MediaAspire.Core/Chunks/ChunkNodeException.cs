namespace MediaAspire.Core.Chunks;

/// <summary>A call to a chunk node failed.</summary>
public sealed class ChunkNodeException(ChunkNodeError error, Uri node, string message, Exception? innerException = null)
    : Exception($"Chunk node {node}: {message}", innerException)
{
    public ChunkNodeError Error { get; } = error;

    /// <summary>Gets the node's address.</summary>
    public Uri Node { get; } = node;

    /// <summary>Gets a value indicating whether the node as a whole failed, so that other nodes should be tried before it.</summary>
    public bool IsNodeFault => Error is ChunkNodeError.Unreachable or ChunkNodeError.TimedOut or ChunkNodeError.Unauthenticated;
}
