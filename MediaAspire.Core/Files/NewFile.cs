using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Files;

/// <summary>What is known of a file before its bytes arrive.</summary>
/// <param name="Filename">The name shown to users; never used as a path.</param>
/// <param name="ContentType">The media type that the client declared.</param>
public sealed record NewFile(string Filename, string ContentType)
{
    /// <summary>Gets the exact length in bytes, when the client declared it; a body of another length is refused.</summary>
    public long? Length { get; init; }

    /// <summary>Gets an estimate of the length in bytes, used only to choose where to cut.</summary>
    public long? EstimatedLength { get; init; }

    /// <summary>Gets the number of holders that the file has from the start; <see langword="null"/> when it stands for itself.</summary>
    /// <remarks>A file with holders is deleted with the last of them, and is no file of its own to those who ask by its id.</remarks>
    public int? Holders { get; init; }

    /// <summary>Gets whether the SHA-256 of all bytes is computed; of every chunk it is in any case, and a file of one chunk has it by that.</summary>
    public bool NeedsSha256 { get; init; } = true;

    /// <summary>Gets the digests that are to take all bytes in, besides SHA-256.</summary>
    public IReadOnlyList<IContentDigest> Digests { get; init; } = [];
}
