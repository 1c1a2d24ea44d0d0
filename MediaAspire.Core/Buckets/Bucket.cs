using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Buckets;

/// <summary>A bucket and its settings.</summary>
/// <param name="Id">The bucket's id.</param>
/// <param name="Name">Its name, unique among all owners.</param>
/// <param name="OwnerId">The bucket's owner.</param>
/// <param name="Region">The region that its creator asked for.</param>
/// <param name="CreatedAt">The time of its creation, by the database's clock.</param>
/// <param name="Versioning">The state of its versioning.</param>
public sealed record Bucket(
    BucketId Id, string Name, string OwnerId, string Region, DateTimeOffset CreatedAt, BucketVersioning Versioning)
{
    /// <summary>Gets the documents that features store with the bucket, unchanged; those never set are missing.</summary>
    public IReadOnlyDictionary<BucketDocument, string> Documents { get; init; } = new Dictionary<BucketDocument, string>();

    /// <summary>Gets the id of the transaction that wrote the bucket's row. Every change of a setting changes it.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Gets a value indicating whether the bucket or its owner has a quota.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Gets a document, or <see langword="null"/> when it was never set.</summary>
    public string? Document(BucketDocument document) => Documents.GetValueOrDefault(document);
}

/// <summary>The state of a bucket's versioning.</summary>
public enum BucketVersioning
{
    /// <summary>Never enabled: one version a key.</summary>
    Off,

    /// <summary>Each put creates a version.</summary>
    Enabled,

    /// <summary>Existing versions stay; each put replaces the one called "null".</summary>
    Suspended,
}

/// <summary>The documents of a bucket. Each belongs to the feature of its name, and is a column of <c>buckets</c>.</summary>
public enum BucketDocument
{
    Acl,
    Ownership,
    PublicAccessBlock,
    Policy,
    Cors,
    Tags,
    Lifecycle,
    Notifications,

    /// <summary>An <see cref="ObjectLockConfiguration"/>; missing where versions can't be locked. Once set, it is never removed.</summary>
    ObjectLock,
}
