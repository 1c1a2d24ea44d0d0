namespace MediaAspire.Core.ObjectStore;

/// <summary>A range of an object's bytes.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">The most bytes; at least 1.</param>
public readonly record struct ObjectRange(long Offset, long Length);

/// <summary>The outcomes of a copy.</summary>
public enum CopyOutcome
{
    Copied,

    /// <summary>The source does not exist.</summary>
    Missing,

    /// <summary>The source has another entity tag than the one that was required.</summary>
    Changed,
}

/// <summary>The outcomes of a change of an object's access.</summary>
public enum AccessOutcome
{
    Changed,

    /// <summary>The object does not exist.</summary>
    Missing,

    /// <summary>The store, or its bucket, does not support access control lists of objects.</summary>
    Unsupported,
}

/// <summary>A page of a listing.</summary>
/// <param name="Objects">In the byte order of their keys.</param>
/// <param name="IsLast">A value indicating whether no further page follows.</param>
public sealed record ObjectPage(IReadOnlyList<ListedObject> Objects, bool IsLast);

/// <summary>An object of a listing.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastModified">By the store's clock.</param>
public sealed record ListedObject(string Key, long Length, DateTimeOffset LastModified);

/// <summary>A part of an upload in parts.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ETag">The entity tag, without quotes.</param>
public sealed record UploadedPart(int Number, long Length, string ETag);

/// <summary>An upload in parts that was neither completed nor aborted.</summary>
/// <param name="Key">The key of its object.</param>
/// <param name="UploadId">The store's id.</param>
/// <param name="BegunAt">By the store's clock.</param>
public sealed record PendingUpload(string Key, string UploadId, DateTimeOffset BegunAt);
