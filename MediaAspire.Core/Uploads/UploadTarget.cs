using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.Objects;

namespace MediaAspire.Core.Uploads;

/// <summary>The thing that an upload becomes when all its bytes have arrived.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FileTarget), "file")]
[JsonDerivedType(typeof(ImageTarget), "image")]
[JsonDerivedType(typeof(MediaPartTarget), "media-part")]
[JsonDerivedType(typeof(NewMediaTarget), "media")]
[JsonDerivedType(typeof(ObjectTarget), "object")]
public abstract record UploadTarget;

/// <summary>A file of its own.</summary>
/// <param name="Filename">The name shown to users.</param>
/// <param name="ContentType">The media type that the client declared.</param>
public sealed record FileTarget(string Filename, string ContentType) : UploadTarget;

/// <summary>An image with an alias.</summary>
/// <param name="Wishes">The limits and the alias that the client asked for.</param>
public sealed record ImageTarget(UploadWishes Wishes) : UploadTarget;

/// <summary>A pending part of a media item. Its declared length and SHA-256 are those of the upload.</summary>
/// <param name="Item">The item.</param>
/// <param name="Number">The part's number, from 1.</param>
public sealed record MediaPartTarget(MediaId Item, int Number) : UploadTarget;

/// <summary>A media item of one part, which is created when all bytes have arrived: only then are its size and its hash known.</summary>
/// <param name="Item">The id that the item will have.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Input">The item as <see cref="NewMediaRules"/> accepted it, without its part.</param>
/// <param name="ContentType">The media type of the part.</param>
public sealed record NewMediaTarget(MediaId Item, MediaOwner Owner, NewMediaInput Input, string ContentType) : UploadTarget;

/// <summary>A version of an object in a bucket.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key, 1 to 1,024 bytes.</param>
/// <param name="Attributes">
/// The version's attributes besides its bytes. Of a checksum, only the algorithm counts; without one, the version has a CRC64NVME.
/// </param>
public sealed record ObjectTarget(BucketId Bucket, string Key, ObjectAttributes Attributes) : UploadTarget
{
    /// <summary>Gets the conditions on the key, which are judged when the version is written.</summary>
    public ObjectConditions Conditions { get; init; } = ObjectConditions.None;
}
