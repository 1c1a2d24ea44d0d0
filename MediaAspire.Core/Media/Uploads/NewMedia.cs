using System.Collections.Immutable;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The checked properties of an item to create. Made by <see cref="NewMediaRules"/>.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Fields">The metadata; the name is not <see langword="null"/>.</param>
/// <param name="Parts">The parts that will be uploaded, at least one.</param>
public sealed record NewMedia(MediaKind Kind, MediaChange Fields, ImmutableArray<NewPart> Parts)
{
    public bool IsPublic { get; init; }

    public bool IsTemporary { get; init; }

    public bool IsUnlisted { get; init; }

    /// <summary>Gets a value indicating whether every part is uploaded in parts of its own.</summary>
    public bool IsMultipart { get; init; }

    /// <summary>Gets the lifetime of the upload addresses; <see langword="null"/> for the object store's default.</summary>
    public TimeSpan? AddressesFor { get; init; }

    /// <summary>Gets the change to apply after processing, see <see cref="DeferredUpdate"/>; <see langword="null"/> for none.</summary>
    public string? Deferred { get; init; }
}

/// <summary>A part that will be uploaded.</summary>
/// <param name="Type">The role of the part in its item, a name of the application's.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">The hash of the bytes.</param>
public sealed record NewPart(string Type, string ContentType, long Size, Sha256Digest Sha256);
