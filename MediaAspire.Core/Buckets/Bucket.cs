using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Buckets;

/// <summary>A bucket and what was set for it.</summary>
/// <param name="Id">The bucket's id.</param>
/// <param name="Name">Its name, unique among all owners.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="Region">The region that its creator asked for.</param>
/// <param name="CreatedAt">By the database's clock.</param>
/// <param name="Versioning">Whether older versions of its objects are kept.</param>
public sealed record Bucket(
    BucketId Id, string Name, string OwnerId, string Region, DateTimeOffset CreatedAt, BucketVersioning Versioning)
{
    /// <summary>Gets the documents that features keep with the bucket, as they wrote them; those never set are missing.</summary>
    public IReadOnlyDictionary<BucketDocument, string> Documents { get; init; } = new Dictionary<BucketDocument, string>();

    /// <summary>Gets the transaction that wrote the bucket's row as it was read: every change of anything brings another.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Gets a document, or <see langword="null"/> when it was never set.</summary>
    public string? Document(BucketDocument document) => Documents.GetValueOrDefault(document);
}

/// <summary>Whether older versions of objects are kept.</summary>
public enum BucketVersioning
{
    /// <summary>Never turned on: one version a key.</summary>
    Off,

    /// <summary>Each put makes a version.</summary>
    Enabled,

    /// <summary>Versions that are there stay; each put replaces the one called "null".</summary>
    Suspended,
}

/// <summary>What can be set for a bucket as a document; each belongs to the feature of its name, and is a column of <c>buckets</c>.</summary>
public enum BucketDocument
{
    Acl,
    Ownership,
    PublicAccessBlock,
    Policy,
    Cors,
    Tags,
    Lifecycle,

    /// <summary>An <see cref="ObjectLockConfiguration"/>; missing where versions can't be locked. Once set, it is never taken away.</summary>
    ObjectLock,
}
