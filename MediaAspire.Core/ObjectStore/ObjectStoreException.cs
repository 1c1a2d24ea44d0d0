namespace MediaAspire.Core.ObjectStore;

/// <summary>A call to the object store failed.</summary>
/// <param name="message">The failure as the store or the connection described it.</param>
/// <param name="code">The error code of S3, such as <c>AccessDenied</c>; <see langword="null"/> when no answer came.</param>
/// <param name="innerException">The exception of the client.</param>
public sealed class ObjectStoreException(string message, string? code, Exception? innerException) : Exception(message, innerException)
{
    /// <summary>Gets the error code of S3; <see langword="null"/> when the store did not answer.</summary>
    public string? Code { get; } = code;
}
