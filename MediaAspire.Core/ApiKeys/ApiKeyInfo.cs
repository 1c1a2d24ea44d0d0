using MediaAspire.Core.Ids;

namespace MediaAspire.Core.ApiKeys;

/// <summary>A key without its secret, for people.</summary>
/// <param name="Id">The public part.</param>
/// <param name="Name">The name for people.</param>
/// <param name="Owner">The owner whose data alone it sees; <see langword="null"/> for a key of operators.</param>
/// <param name="Scopes">The names of its scopes.</param>
/// <param name="Addresses">The address ranges from which it is accepted; empty for all.</param>
/// <param name="IsEnabled">A value indicating whether requests with it are accepted.</param>
/// <param name="ExpiresAt">The time from which it is refused.</param>
/// <param name="PreviousValidUntil">The time until which the secret before the last rotation is accepted too.</param>
/// <param name="CreatedAt">By the database's clock.</param>
/// <param name="CreatedBy">The key that created it.</param>
/// <param name="LastUsedAt">The last use, up to a minute late.</param>
public sealed record ApiKeyInfo(
    string Id,
    string Name,
    OwnerId? Owner,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Addresses,
    bool IsEnabled,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? PreviousValidUntil,
    DateTimeOffset CreatedAt,
    string? CreatedBy,
    DateTimeOffset? LastUsedAt);
