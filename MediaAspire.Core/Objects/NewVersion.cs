using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>A version that is about to be written.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Attributes">Its attributes besides its bytes.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="ETag">The entity tag without quotes.</param>
public sealed record NewVersion(VersionId Id, string Key, ObjectAttributes Attributes, long Size, string ETag)
{
    /// <summary>Gets the file with the bytes; <see langword="null"/> where the bytes are those of parts.</summary>
    public FileId? File { get; init; }

    public int? PartCount { get; init; }

    /// <summary>Gets the kind of the write, which notifications tell.</summary>
    public VersionOrigin Origin { get; init; }
}

/// <summary>The writes that make a version, each named as in the events of S3.</summary>
public enum VersionOrigin
{
    Put,
    Post,
    Copy,
    CompleteMultipartUpload,
}
