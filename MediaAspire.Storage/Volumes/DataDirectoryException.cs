namespace MediaAspire.Storage.Volumes;

/// <summary>The node cannot have its data directory; a person must see to it.</summary>
public sealed class DataDirectoryException(string message, Exception? innerException = null) : Exception(message, innerException);
