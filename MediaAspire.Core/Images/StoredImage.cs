using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images;

/// <summary>An image: one content, whatever the number of its aliases.</summary>
/// <param name="Id">The image's id.</param>
/// <param name="Sha256">The SHA-256 of the original.</param>
/// <param name="Size">Length of the original in bytes.</param>
/// <param name="Details">The properties of the picture, animation or video.</param>
/// <param name="Blob">The bytes of the original.</param>
/// <param name="Motion">The blob with a video of an animation; <see langword="null"/> when there is none.</param>
/// <param name="CreatedAt">The time of the first upload of the content.</param>
public sealed record StoredImage(
    ImageId Id, Sha256Digest Sha256, long Size, ImageDetails Details, ImageBlob Blob, BlobId? Motion, DateTimeOffset CreatedAt)
{
    /// <summary>Gets the key of the image by its content.</summary>
    public ImageHash Hash => new(Sha256, Size, ImageDetailsFormat.NameOf(Details.Format));
}

/// <summary>An image as one alias names it.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Owner">The owner of the alias; <see langword="null"/> for none.</param>
/// <param name="CreatedAt">The time when the alias was made.</param>
/// <param name="AccessedAt">
/// The last recorded read of an alias that is removed when nobody reads it; <see langword="null"/> for one that stays.
/// </param>
/// <param name="Image">The image.</param>
public sealed record AliasedImage(
    ImageAlias Alias, OwnerId? Owner, DateTimeOffset CreatedAt, DateTimeOffset? AccessedAt, StoredImage Image);
