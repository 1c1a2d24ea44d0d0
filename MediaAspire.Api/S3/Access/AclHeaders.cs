using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Access;

/// <summary>Reads lists from headers, or from the fields of a form.</summary>
internal sealed class AclHeaders(GranteeResolver grantees)
{
    public const string Canned = "x-amz-acl";

    public const string GrantPrefix = "x-amz-grant-";

    private static readonly (string Name, AclPermission Permission)[] s_permissions =
    [
        ("read", AclPermission.Read),
        ("write", AclPermission.Write),
        ("read-acp", AclPermission.ReadAcp),
        ("write-acp", AclPermission.WriteAcp),
        ("full-control", AclPermission.FullControl),
    ];

    private const StringSplitOptions Members = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>Determines whether the headers have a list.</summary>
    public static bool HasAny(IHeaderDictionary headers) =>
        headers[Canned].ToString().Length > 0
        || s_permissions.Any(permission => headers[GrantPrefix + permission.Name].ToString().Length > 0);

    /// <summary>Reads the list in the headers.</summary>
    /// <returns><see langword="null"/> when the headers have no list.</returns>
    /// <exception cref="S3Exception">The headers are malformed, contradict each other, or name an unknown grantee.</exception>
    public async ValueTask<AccessControlList?> ReadAsync(
        IHeaderDictionary headers, string ownerId, string bucketOwnerId, CancellationToken cancellationToken)
    {
        if (!HasAny(headers))
        {
            return null;
        }

        var canned = headers[Canned].ToString();
        var grants = new List<AclGrant>();
        foreach (var (name, permission) in s_permissions)
        {
            var header = GrantPrefix + name;
            foreach (var grantee in headers[header].ToString().Split(',', Members))
            {
                grants.Add(new(await ReadGranteeAsync(header, grantee, cancellationToken), permission));
            }
        }

        return (canned.Length, grants.Count) switch
        {
            ( > 0, > 0) => throw AclErrors.CannedAndGrants().ToException(),
            ( > 0, _) => CannedAcl.Named(canned, ownerId, bucketOwnerId),
            (_, <= AccessControlList.MaxGrants) => AccessControlList.Of(ownerId, grants),
            _ => throw AclErrors.Malformed().ToException(),
        };
    }

    private ValueTask<AclGrantee> ReadGranteeAsync(string header, string text, CancellationToken cancellationToken)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var kind = equals < 0 ? "" : text[..equals].Trim();
        var value = text[(equals + 1)..].Trim().Trim('"');
        return kind.ToUpperInvariant() switch
        {
            "ID" => grantees.OwnerAsync(value, cancellationToken),
            "URI" => new(GranteeResolver.Group(value)),
            "EMAILADDRESS" => new(GranteeResolver.Email()),
            _ => throw AclErrors.MalformedGrant(header, text).ToException(),
        };
    }
}
