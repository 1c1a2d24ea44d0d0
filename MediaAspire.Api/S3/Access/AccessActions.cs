using MediaAspire.Api.S3.Locks;

namespace MediaAspire.Api.S3.Access;

/// <summary>The resource of each action, and the permission of access control lists that it requires.</summary>
internal static class AccessActions
{
    /// <summary>The actions that the owner of a bucket can always perform, so that no policy locks the owner out.</summary>
    private static readonly HashSet<string> s_policyActions = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

    private static readonly Dictionary<string, AclPermission> s_ofBuckets = new()
    {
        ["s3:ListBucket"] = AclPermission.Read,
        ["s3:ListBucketVersions"] = AclPermission.Read,
        ["s3:ListBucketMultipartUploads"] = AclPermission.Read,
        ["s3:PutObject"] = AclPermission.Write,
        ["s3:DeleteObject"] = AclPermission.Write,
        ["s3:AbortMultipartUpload"] = AclPermission.Write,
        ["s3:ListMultipartUploadParts"] = AclPermission.Write,
        ["s3:GetBucketAcl"] = AclPermission.ReadAcp,
        ["s3:PutBucketAcl"] = AclPermission.WriteAcp,
    };

    // Actions on an existing object. Lists do not cover tags.
    private static readonly Dictionary<string, AclPermission> s_ofObjects = new()
    {
        ["s3:GetObject"] = AclPermission.Read,
        ["s3:GetObjectVersion"] = AclPermission.Read,
        ["s3:GetObjectAttributes"] = AclPermission.Read,
        ["s3:GetObjectVersionAttributes"] = AclPermission.Read,
        ["s3:GetObjectAcl"] = AclPermission.ReadAcp,
        ["s3:GetObjectVersionAcl"] = AclPermission.ReadAcp,
        ["s3:PutObjectAcl"] = AclPermission.WriteAcp,
        ["s3:PutObjectVersionAcl"] = AclPermission.WriteAcp,
        ["s3:GetObjectTagging"] = AclPermission.None,
        ["s3:GetObjectVersionTagging"] = AclPermission.None,
        ["s3:PutObjectTagging"] = AclPermission.None,
        ["s3:PutObjectVersionTagging"] = AclPermission.None,
        ["s3:DeleteObjectTagging"] = AclPermission.None,
        ["s3:DeleteObjectVersionTagging"] = AclPermission.None,
    };

    // Only for the owner of the bucket: a sender that may write to a bucket must not be able to fill it permanently.
    private static readonly HashSet<string> s_onLocks =
        [LockActions.GetRetention, LockActions.PutRetention, LockActions.GetLegalHold, LockActions.PutLegalHold];

    /// <summary>Determines whether an action is on an existing object, which has an owner and a list of its own.</summary>
    public static bool IsOnObject(string action) => s_ofObjects.ContainsKey(action) || s_onLocks.Contains(action);

    /// <summary>Determines whether an action on an object belongs to the owner of its bucket, also for the objects of others.</summary>
    public static bool IsOnLock(string action) => s_onLocks.Contains(action);

    public static bool IsOnPolicy(string action) => s_policyActions.Contains(action);

    /// <returns><see cref="AclPermission.None"/> when no list can allow the action.</returns>
    public static AclPermission OnBucket(string action) => s_ofBuckets.GetValueOrDefault(action);

    /// <inheritdoc cref="OnBucket"/>
    public static AclPermission OnObject(string action) => s_ofObjects.GetValueOrDefault(action);
}
