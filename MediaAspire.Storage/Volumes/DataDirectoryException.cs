namespace MediaAspire.Storage.Volumes;

/// <summary>The node cannot use its data directory; an operator has to correct that.</summary>
public sealed class DataDirectoryException(string message, Exception? innerException = null) : Exception(message, innerException);
