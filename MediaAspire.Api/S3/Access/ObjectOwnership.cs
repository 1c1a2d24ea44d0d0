using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>Whose the objects are that others put into a bucket.</summary>
internal static class ObjectOwnership
{
    /// <summary>The bucket's owner's; access control lists have no effect.</summary>
    public const string BucketOwnerEnforced = "BucketOwnerEnforced";

    /// <summary>The bucket's owner's, if their writer grants full control of them.</summary>
    public const string BucketOwnerPreferred = "BucketOwnerPreferred";

    /// <summary>Their writer's. So it is too when nothing was set.</summary>
    public const string ObjectWriter = "ObjectWriter";

    public static bool IsValid(string? name) => name is BucketOwnerEnforced or BucketOwnerPreferred or ObjectWriter;

    /// <summary>Tells whether access control lists have no effect in a bucket.</summary>
    public static bool IgnoresLists(this Bucket bucket) => bucket.Document(BucketDocument.Ownership) == BucketOwnerEnforced;
}
