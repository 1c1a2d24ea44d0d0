namespace MediaAspire.Storage.Chunks;

/// <summary>The store did not do what it was asked to.</summary>
public sealed class ChunkStoreException(ChunkStoreError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public ChunkStoreError Error { get; } = error;
}
