using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Core.Multipart;

/// <summary>An upload in parts, under way or recently completed.</summary>
/// <param name="Id">The upload's id.</param>
/// <param name="Bucket">The bucket that the object will be in.</param>
/// <param name="Key">The key that it will have.</param>
/// <param name="Attributes">The object's attributes; of its checksum, only algorithm and type are known.</param>
/// <param name="InitiatorId">The sender of the request that began it.</param>
/// <param name="InitiatedAt">The time of its beginning, by the database's clock.</param>
public sealed record MultipartUpload(
    UploadId Id, BucketId Bucket, string Key, ObjectAttributes Attributes, string InitiatorId, DateTimeOffset InitiatedAt)
{
    /// <summary>Gets the version that completing it has written; <see langword="null"/> while it is under way.</summary>
    public VersionId? CompletedVersion { get; init; }

    /// <summary>
    /// Gets a value indicating whether another protocol has begun it: its first parts may be smaller than S3 allows.
    /// </summary>
    public bool IsContinued { get; init; }
}

/// <summary>The progress of an upload in parts.</summary>
/// <param name="Upload">The upload.</param>
/// <param name="BucketName">The name of its bucket.</param>
/// <param name="Bytes">The bytes of all parts.</param>
/// <param name="BytesWithoutGap">Those of the parts that have no gap before them.</param>
/// <param name="Parts">The number of parts.</param>
/// <param name="ModifiedAt">The time of the last part, or of the beginning, by the database's clock.</param>
public sealed record MultipartProgress(
    MultipartUpload Upload, string BucketName, long Bytes, long BytesWithoutGap, int Parts, DateTimeOffset ModifiedAt);

/// <summary>An uploaded part.</summary>
/// <param name="Number">Its number, from 1 to 10,000.</param>
/// <param name="File">The file with its bytes.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="ETag">The MD5 of its bytes in hexadecimal, without quotes.</param>
/// <param name="Checksum">Base64, in the upload's algorithm; <see langword="null"/> for none.</param>
/// <param name="ModifiedAt">The time of its upload, by the database's clock.</param>
public sealed record UploadedPart(int Number, FileId File, long Size, string ETag, string? Checksum, DateTimeOffset ModifiedAt);
