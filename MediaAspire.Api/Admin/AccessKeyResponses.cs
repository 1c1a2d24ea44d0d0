using System.ComponentModel;
using MediaAspire.Core.AccessKeys;

namespace MediaAspire.Api.Admin;

/// <summary>A key to create; everything is optional.</summary>
internal sealed record CreateAccessKeyRequest
{
    [Description("Whose the key is; without it a new owner's. An owner may have several keys.")]
    public string? OwnerId { get; init; }

    [Description("The owner's name for people; without it the name that the owner has, or the owner's id.")]
    public string? DisplayName { get; init; }

    [Description("An id of your own, with a secret of your own; without them both are made.")]
    public string? AccessKeyId { get; init; }

    [Description("See accessKeyId.")]
    public string? SecretAccessKey { get; init; }

    // Keeps the secret out of printed records.
    public override string ToString() => nameof(CreateAccessKeyRequest);
}

/// <param name="AccessKeyId">The public part, which requests name.</param>
/// <param name="OwnerId">The id of the key's owner.</param>
/// <param name="DisplayName">The owner's name for people.</param>
/// <param name="IsEnabled">A value indicating whether requests signed with it are accepted.</param>
/// <param name="CreatedAt">By the database's clock.</param>
internal sealed record AccessKeyResponse(string AccessKeyId, string OwnerId, string DisplayName, bool IsEnabled, DateTimeOffset CreatedAt)
{
    public static AccessKeyResponse Of(AccessKeyInfo key) => new(key.Id, key.Owner.Id, key.Owner.DisplayName, key.IsEnabled, key.CreatedAt);
}

/// <param name="AccessKeyId">The public part, which requests name.</param>
/// <param name="SecretAccessKey">The secret part; no other response shows it.</param>
/// <param name="OwnerId">The id of the key's owner.</param>
/// <param name="DisplayName">The owner's name for people.</param>
/// <param name="IsEnabled">A value indicating whether requests signed with it are accepted.</param>
/// <param name="CreatedAt">By the database's clock.</param>
internal sealed record CreatedAccessKeyResponse(
    string AccessKeyId, string SecretAccessKey, string OwnerId, string DisplayName, bool IsEnabled, DateTimeOffset CreatedAt)
{
    public override string ToString() => $"{nameof(CreatedAccessKeyResponse)} {AccessKeyId}";
}

/// <param name="AccessKeys">The page, in the order of the ids.</param>
/// <param name="Next">The value of "after" for the next page; null on the last one.</param>
internal sealed record AccessKeysResponse(IReadOnlyList<AccessKeyResponse> AccessKeys, string? Next);
