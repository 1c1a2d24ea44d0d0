using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Images;

/// <summary>Stored bytes of an image or a variant, and their location: a file or an object.</summary>
/// <param name="Id">The blob's id.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">The SHA-256 of all bytes.</param>
public sealed record ImageBlob(BlobId Id, string ContentType, long Size, Sha256Digest Sha256)
{
    /// <summary>Gets the file of the chunk store with the bytes; <see langword="null"/> when they are in the object store.</summary>
    public FileId? File { get; init; }

    /// <summary>Gets the key of the object with the bytes; <see langword="null"/> when they are in the chunk store.</summary>
    public string? ObjectKey { get; init; }

    /// <summary>Gets the chunks of the file, when they are known already.</summary>
    public StoredFile? Stored { get; init; }
}
