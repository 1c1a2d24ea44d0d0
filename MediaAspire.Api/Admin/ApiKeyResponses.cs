using System.ComponentModel;
using MediaAspire.Core.ApiKeys;

namespace MediaAspire.Api.Admin;

/// <summary>An API key to create.</summary>
internal sealed record CreateApiKeyRequest
{
    [Description("A name for people; required.")]
    public string? Name { get; init; }

    [Description("What the key may do; required. Only scopes that the creating key has.")]
    public IReadOnlyList<string?>? Scopes { get; init; }

    [Description("The owner whose data alone the key sees; without it the key sees the data of every owner.")]
    public string? OwnerId { get; init; }

    [Description("Addresses and CIDR ranges from which the key is accepted; without them from everywhere.")]
    public IReadOnlyList<string?>? Addresses { get; init; }

    [Description("The time from which the key is refused; without it never.")]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A rotation.</summary>
internal sealed record RotateApiKeyRequest
{
    [Description("Seconds for which the present secret stays valid beside the new one, 0 to 2592000; by default a day.")]
    public long? OverlapSeconds { get; init; }
}

/// <param name="KeyId">The public part.</param>
/// <param name="Name">The name for people.</param>
/// <param name="OwnerId">The owner whose data alone it sees; null for a key of operators.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Addresses">The ranges from which it is accepted; empty for all.</param>
/// <param name="IsEnabled">A value indicating whether requests with it are accepted.</param>
/// <param name="ExpiresAt">The time from which it is refused.</param>
/// <param name="PreviousValidUntil">The time until which the secret before the last rotation is accepted too.</param>
/// <param name="CreatedAt">By the database's clock.</param>
/// <param name="CreatedBy">The key that created it; null for the configured one.</param>
/// <param name="LastUsedAt">The last use, up to a minute late.</param>
internal sealed record ApiKeyResponse(
    string KeyId,
    string Name,
    string? OwnerId,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Addresses,
    bool IsEnabled,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? PreviousValidUntil,
    DateTimeOffset CreatedAt,
    string? CreatedBy,
    DateTimeOffset? LastUsedAt)
{
    public static ApiKeyResponse Of(ApiKeyInfo key) => new(
        key.Id, key.Name, key.Owner?.Value, key.Scopes, key.Addresses, key.IsEnabled, key.ExpiresAt, key.PreviousValidUntil,
        key.CreatedAt, key.CreatedBy, key.LastUsedAt);
}

/// <param name="ApiKey">The whole text to send; no other response shows it.</param>
/// <param name="Key">The key without its secret.</param>
internal sealed record ApiKeyTextResponse(string ApiKey, ApiKeyResponse Key)
{
    // Keeps the secret out of printed records.
    public override string ToString() => $"{nameof(ApiKeyTextResponse)} {Key.KeyId}";
}

/// <param name="ApiKeys">The page, in the order of the ids.</param>
/// <param name="Next">The value of "after" for the next page; null on the last one.</param>
internal sealed record ApiKeysResponse(IReadOnlyList<ApiKeyResponse> ApiKeys, string? Next);
