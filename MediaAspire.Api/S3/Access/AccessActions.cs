namespace MediaAspire.Api.S3.Access;

/// <summary>What actions are about, and which permission of access control lists stands for them.</summary>
internal static class AccessActions
{
    /// <summary>Actions that a bucket's owner can always do, so that no policy can lock its owner out.</summary>
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

    // Actions on an object that is there. Lists say nothing of tags.
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

    /// <summary>Tells whether an action is one on an object that is there, which has an owner and a list of its own.</summary>
    public static bool IsOnObject(string action) => s_ofObjects.ContainsKey(action);

    public static bool IsOnPolicy(string action) => s_policyActions.Contains(action);

    /// <returns><see cref="AclPermission.None"/> when no list can allow the action.</returns>
    public static AclPermission OnBucket(string action) => s_ofBuckets.GetValueOrDefault(action);

    /// <inheritdoc cref="OnBucket"/>
    public static AclPermission OnObject(string action) => s_ofObjects.GetValueOrDefault(action);
}
