using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Api.S3.Access;

/// <summary>The access control list of a bucket or an object.</summary>
/// <param name="OwnerId">The canonical id of the owner of the bucket or object.</param>
/// <param name="Grants">Groups first, then owners, each in the given order.</param>
internal sealed record AccessControlList(string OwnerId, IReadOnlyList<AclGrant> Grants)
{
    /// <summary>The maximum number of grants in a list.</summary>
    public const int MaxGrants = 100;

    private static readonly JsonSerializerOptions s_json = new()
    {
        Converters = { new JsonStringEnumConverter<AclPermission>() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Gets a value indicating whether all senders, or all with a key, are allowed something.</summary>
    public bool IsPublic => Grants.Any(grant => grant.IsPublic);

    private bool IsPrivate => Grants is [{ Permission: AclPermission.FullControl } only] && only.Grantee.OwnerId == OwnerId;

    /// <summary>Creates a list of grants in the order in which lists are shown.</summary>
    public static AccessControlList Of(string ownerId, IEnumerable<AclGrant> grants) =>
        new(ownerId, [.. grants.Distinct().OrderBy(grant => grant.Grantee.Group is null)]);

    /// <summary>Creates the list that allows only the owner.</summary>
    public static AccessControlList Private(string ownerId) => new(ownerId, [new(AclGrantee.Owner(ownerId), AclPermission.FullControl)]);

    /// <summary>Reads a list as <see cref="ToJson"/> wrote it.</summary>
    public static AccessControlList Parse(string ownerId, string? json) =>
        json is null ? Private(ownerId) : new(ownerId, JsonSerializer.Deserialize<List<AclGrant>>(json, s_json)!);

    /// <returns>The grants; <see langword="null"/> for a private list.</returns>
    public string? ToJson() => IsPrivate ? null : JsonSerializer.Serialize(Grants, s_json);

    /// <summary>Determines whether the list allows a sender a permission. An owner can always read and change a list.</summary>
    /// <param name="senderId">The sender's canonical id; <see langword="null"/> for an anonymous one.</param>
    /// <param name="permission">One permission.</param>
    /// <param name="ignoresPublic">A value indicating whether grants to groups have no effect.</param>
    public bool Allows(string? senderId, AclPermission permission, bool ignoresPublic) =>
        (senderId == OwnerId && permission is AclPermission.ReadAcp or AclPermission.WriteAcp)
        || Grants.Any(
            grant => grant.Permission.HasFlag(permission) && !(ignoresPublic && grant.IsPublic) && grant.Grantee.Includes(senderId));
}
