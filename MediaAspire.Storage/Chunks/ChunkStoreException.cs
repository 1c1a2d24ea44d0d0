namespace MediaAspire.Storage.Chunks;

/// <summary>A call to the store failed.</summary>
public sealed class ChunkStoreException(ChunkStoreError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Gets the reason.</summary>
    public ChunkStoreError Error { get; } = error;
}
