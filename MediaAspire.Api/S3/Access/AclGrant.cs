namespace MediaAspire.Api.S3.Access;

/// <summary>
/// A permission of an access control list. On a bucket, reading is listing, and writing is putting and deleting its objects.
/// </summary>
[Flags]
internal enum AclPermission
{
    None = 0,
    Read = 1,
    Write = 2,
    ReadAcp = 4,
    WriteAcp = 8,
    FullControl = Read | Write | ReadAcp | WriteAcp,
}

/// <summary>The grantee of a permission: an owner, or a group of senders.</summary>
/// <param name="OwnerId">The canonical id; <see langword="null"/> for a group.</param>
/// <param name="Group">The group's URI; <see langword="null"/> for an owner.</param>
internal sealed record AclGrantee(string? OwnerId, string? Group)
{
    public const string AllUsersUri = "http://acs.amazonaws.com/groups/global/AllUsers";
    public const string AuthenticatedUsersUri = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    public const string LogDeliveryUri = "http://acs.amazonaws.com/groups/s3/LogDelivery";

    public static AclGrantee AllUsers { get; } = new(OwnerId: null, AllUsersUri);

    public static AclGrantee AuthenticatedUsers { get; } = new(OwnerId: null, AuthenticatedUsersUri);

    public static AclGrantee Owner(string id) => new(id, Group: null);

    /// <summary>Determines whether a sender is, or belongs to, the grantee.</summary>
    /// <param name="senderId">The sender's canonical id; <see langword="null"/> for an anonymous one.</param>
    public bool Includes(string? senderId) => Group switch
    {
        null => OwnerId == senderId,
        AllUsersUri => true,
        AuthenticatedUsersUri => senderId is not null,
        _ => false,
    };
}

/// <param name="Grantee">The grantee.</param>
/// <param name="Permission">One permission, or all of them.</param>
internal sealed record AclGrant(AclGrantee Grantee, AclPermission Permission)
{
    /// <summary>Gets a value indicating whether the grantee is a group of senders.</summary>
    public bool IsPublic => Grantee.Group is AclGrantee.AllUsersUri or AclGrantee.AuthenticatedUsersUri;
}
