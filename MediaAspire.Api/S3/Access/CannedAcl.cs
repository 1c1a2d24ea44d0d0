namespace MediaAspire.Api.S3.Access;

/// <summary>The predefined lists.</summary>
internal static class CannedAcl
{
    public const string BucketOwnerFullControl = "bucket-owner-full-control";

    // The owner in whose name EC2 reads images.
    private const string ImageReaderId = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";

    /// <summary>Creates the list with a name.</summary>
    /// <param name="name">The value of <c>x-amz-acl</c>.</param>
    /// <param name="ownerId">The canonical id of the owner of the bucket or object.</param>
    /// <param name="bucketOwnerId">The canonical id of the owner of the bucket.</param>
    /// <exception cref="Protocol.S3Exception">The name is unknown.</exception>
    public static AccessControlList Named(string name, string ownerId, string bucketOwnerId)
    {
        IEnumerable<AclGrant> others = name switch
        {
            "private" => [],
            "public-read" => [new(AclGrantee.AllUsers, AclPermission.Read)],
            "public-read-write" => [new(AclGrantee.AllUsers, AclPermission.Read), new(AclGrantee.AllUsers, AclPermission.Write)],
            "authenticated-read" => [new(AclGrantee.AuthenticatedUsers, AclPermission.Read)],
            "aws-exec-read" => [new(AclGrantee.Owner(ImageReaderId), AclPermission.Read)],
            "bucket-owner-read" when ownerId != bucketOwnerId => [new(AclGrantee.Owner(bucketOwnerId), AclPermission.Read)],
            BucketOwnerFullControl when ownerId != bucketOwnerId => [new(AclGrantee.Owner(bucketOwnerId), AclPermission.FullControl)],
            "bucket-owner-read" or BucketOwnerFullControl => [],
            "log-delivery-write" => throw AclErrors.NoLogDelivery().ToException(),
            _ => throw AclErrors.UnknownCanned(name).ToException(),
        };
        return AccessControlList.Of(ownerId, others.Prepend(new(AclGrantee.Owner(ownerId), AclPermission.FullControl)));
    }
}
