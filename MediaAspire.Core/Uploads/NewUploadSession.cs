using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Uploads;

/// <summary>The properties of an upload that is to be created.</summary>
/// <param name="Target">The thing that it becomes. That of a partial upload is not used.</param>
/// <param name="Initiator">The API key, or the signed address, that begins it.</param>
public sealed record NewUploadSession(UploadTarget Target, string Initiator)
{
    /// <summary>Gets the owner of the result, whose quota it counts to; <see langword="null"/> for none.</summary>
    public OwnerId? Owner { get; init; }

    /// <summary>Gets what the client tells about the upload.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the number of bytes in all; <see langword="null"/> when it is told later, or by the last append.</summary>
    public long? Length { get; init; }

    /// <summary>Gets the most bytes; <see langword="null"/> for <see cref="UploadSessionOptions.MaxLength"/>.</summary>
    public long? MaxLength { get; init; }

    /// <summary>
    /// Gets the size of the parts of an upload whose parts come in any order; <see langword="null"/> for one whose bytes come in their
    /// order. An upload in parts has a length.
    /// </summary>
    public long? PartSize { get; init; }

    /// <summary>Gets the SHA-256 that all bytes must have; an upload with others fails.</summary>
    public Sha256Digest? Sha256 { get; init; }

    /// <summary>Gets a value indicating whether the upload is the source of a concatenation, without a result of its own.</summary>
    public bool IsPartial { get; init; }
}
