using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>The properties of a file that are known before its bytes.</summary>
/// <param name="Filename">The name shown to users; never used as a path.</param>
/// <param name="ContentType">The media type that the client declared.</param>
public sealed record NewFile(string Filename, string ContentType)
{
    /// <summary>Gets the exact length in bytes, when the client declared it; a body of another length is refused.</summary>
    public long? Length { get; init; }

    /// <summary>Gets an estimate of the length in bytes, used only to plan the chunks.</summary>
    public long? EstimatedLength { get; init; }

    /// <summary>Gets the initial number of holders; <see langword="null"/> for a file without holders.</summary>
    /// <remarks>A file with holders is deleted with the last of them, and cannot be requested by its id.</remarks>
    public int? Holders { get; init; }

    /// <summary>Gets the owner, whose quota the file counts to; <see langword="null"/> for none.</summary>
    /// <remarks>Files with holders have none: what holds them has an owner.</remarks>
    public OwnerId? Owner { get; init; }

    /// <summary>
    /// Gets a value indicating whether the SHA-256 of all bytes is computed. A file of one chunk always has it, because each chunk has one.
    /// </summary>
    public bool NeedsSha256 { get; init; } = true;

    /// <summary>Gets the digests to compute over all bytes, besides SHA-256.</summary>
    public IReadOnlyList<IContentDigest> Digests { get; init; } = [];
}
