using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Access;

/// <summary>Finds the grantee that a grant names.</summary>
internal sealed class GranteeResolver(IS3Owners owners)
{
    /// <exception cref="S3Exception">The group is unknown or not supported.</exception>
    public static AclGrantee Group(string uri) => uri switch
    {
        AclGrantee.AllUsersUri => AclGrantee.AllUsers,
        AclGrantee.AuthenticatedUsersUri => AclGrantee.AuthenticatedUsers,
        AclGrantee.LogDeliveryUri => throw AclErrors.NoLogDelivery().ToException(),
        _ => throw AclErrors.UnknownGroup(uri).ToException(),
    };

    /// <exception cref="S3Exception">No owner has the id.</exception>
    public async ValueTask<AclGrantee> OwnerAsync(string id, CancellationToken cancellationToken) =>
        id.Length > 0 && await owners.FindKnownAsync(id, cancellationToken) is { } owner
            ? AclGrantee.Owner(owner.Id)
            : throw AclErrors.UnknownId(id).ToException();

    /// <summary>Refuses e-mail addresses, which owners do not have.</summary>
    /// <exception cref="S3Exception">Always.</exception>
    public static AclGrantee Email() => throw AclErrors.UnknownEmail().ToException();
}
