using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Images;

/// <summary>The bytes of a blob are gone, although its row may exist.</summary>
public sealed class BlobMissingException(BlobId blob, Exception? innerException)
    : Exception($"The bytes of blob {blob} are not in their store. Import the image again, or remove it.", innerException)
{
    public BlobId Blob => blob;
}
