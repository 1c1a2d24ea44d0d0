namespace MediaAspire.Core.Chunks;

/// <summary>The result of a call to a node, or the failure that ended it.</summary>
/// <param name="Value">The result; the default when the call failed.</param>
/// <param name="Failure">The failure; <see langword="null"/> when there is a result.</param>
internal readonly record struct NodeOutcome<T>(T? Value, ChunkNodeException? Failure)
{
    /// <summary>Gets the result.</summary>
    /// <exception cref="ChunkNodeException">The call failed.</exception>
    public T GetOrThrow() => Failure is null ? Value! : throw Failure;
}
