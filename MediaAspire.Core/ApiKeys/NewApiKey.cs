using MediaAspire.Core.Ids;

namespace MediaAspire.Core.ApiKeys;

/// <summary>A key to create.</summary>
/// <param name="Id">See <see cref="ApiKeyFormat.IsId"/>.</param>
/// <param name="SecretHash">The result of <see cref="ApiKeyFormat.Hash(ReadOnlySpan{char})"/>.</param>
/// <param name="Name">The name for people; see <see cref="Owners.OwnerName"/>.</param>
/// <param name="Scopes">Names of <see cref="ApiScopeNames"/>, at least one.</param>
public sealed record NewApiKey(string Id, byte[] SecretHash, string Name, IReadOnlyList<string> Scopes)
{
    /// <summary>Gets the owner, which must exist; <see langword="null"/> for a key of operators.</summary>
    public OwnerId? Owner { get; init; }

    /// <summary>Gets address ranges in CIDR notation; empty for all addresses.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the id of the key that creates this one.</summary>
    public string? CreatedBy { get; init; }
}
