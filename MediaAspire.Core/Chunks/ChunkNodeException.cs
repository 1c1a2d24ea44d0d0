namespace MediaAspire.Core.Chunks;

/// <summary>A chunk node did not do what it was asked to.</summary>
public sealed class ChunkNodeException(ChunkNodeError error, Uri node, string message, Exception? innerException = null)
    : Exception($"Chunk node {node}: {message}", innerException)
{
    public ChunkNodeError Error { get; } = error;

    /// <summary>The node's address.</summary>
    public Uri Node { get; } = node;

    /// <summary>Whether the node as a whole is to blame, so that others should be tried before it.</summary>
    public bool IsNodeFault => Error is ChunkNodeError.Unreachable or ChunkNodeError.TimedOut or ChunkNodeError.Unauthenticated;
}
