using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Uploads;

/// <summary>The thing that a completed upload has become.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FileResult), "file")]
[JsonDerivedType(typeof(ImageResult), "image")]
[JsonDerivedType(typeof(MediaPartResult), "media-part")]
[JsonDerivedType(typeof(ObjectResult), "object")]
public abstract record UploadResult;

/// <summary>A file of its own.</summary>
/// <param name="File">The file's id.</param>
public sealed record FileResult(FileId File) : UploadResult;

/// <summary>An upload of an image, whose alias is claimed by its id.</summary>
/// <param name="Upload">The id of the upload.</param>
public sealed record ImageResult(ImageUploadId Upload) : UploadResult;

/// <summary>A part of a media item, which was verified as any part is.</summary>
/// <param name="Item">The item.</param>
/// <param name="Number">The part's number, from 1.</param>
public sealed record MediaPartResult(MediaId Item, int Number) : UploadResult;

/// <summary>A version of an object.</summary>
/// <param name="Version">The version.</param>
/// <param name="ETag">Its entity tag, without quotes.</param>
public sealed record ObjectResult(VersionId Version, string ETag) : UploadResult;
