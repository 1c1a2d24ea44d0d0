using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>The ownership of objects that others put into a bucket.</summary>
internal static class ObjectOwnership
{
    /// <summary>The owner of the bucket owns all objects; access control lists have no effect.</summary>
    public const string BucketOwnerEnforced = "BucketOwnerEnforced";

    /// <summary>The owner of the bucket owns objects whose writer grants it full control.</summary>
    public const string BucketOwnerPreferred = "BucketOwnerPreferred";

    /// <summary>The writer owns its objects. This is the default.</summary>
    public const string ObjectWriter = "ObjectWriter";

    public static bool IsValid(string? name) => name is BucketOwnerEnforced or BucketOwnerPreferred or ObjectWriter;

    /// <summary>Determines whether access control lists have no effect in a bucket.</summary>
    public static bool IgnoresLists(this Bucket bucket) => bucket.Document(BucketDocument.Ownership) == BucketOwnerEnforced;
}
