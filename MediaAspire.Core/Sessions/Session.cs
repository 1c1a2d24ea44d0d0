using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Sessions;

/// <summary>A session, as it was read from the database. It has either a key or a person.</summary>
/// <param name="Name">The name of the key or of the person.</param>
/// <param name="ExpiresAt">The time from which it is refused, by the database's clock.</param>
public sealed record Session(string Name, DateTimeOffset ExpiresAt)
{
    /// <summary>Gets the key and the hash of the secret that it was signed in with.</summary>
    public SignedInKey? Key { get; init; }

    /// <summary>Gets the person that an OpenID Connect server named.</summary>
    public SignedInPerson? Person { get; init; }

    /// <summary>Gets the time for which it is valid, from when it was read.</summary>
    internal TimeSpan ValidFor { get; init; }

    /// <summary>Gets the timestamp of the process's clock from before it was read.</summary>
    internal long ReadAt { get; init; }
}

/// <param name="Id">The public id of the key.</param>
/// <param name="SecretHash">The result of <see cref="ApiKeyFormat.Hash(ReadOnlySpan{char})"/>.</param>
public sealed record SignedInKey(string Id, byte[] SecretHash)
{
    /// <summary>Takes a key that was verified.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">Its text, with the secret.</param>
    public static SignedInKey Of(ApiKey key, string text) =>
        ApiKeyFormat.TryParse(text, out _, out var secret)
            ? new(key.Id, ApiKeyFormat.Hash(secret))
            : throw new ArgumentException("The text does not have the form of a key.", nameof(text));
}

/// <param name="Subject">The issuer's id of the person, with the issuer.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Owner">The owner whose data alone the person sees; <see langword="null"/> for an operator.</param>
/// <param name="Scopes">Names of <see cref="ApiScopeNames"/>, at least one.</param>
public sealed record SignedInPerson(string Subject, string Name, OwnerId? Owner, IReadOnlyList<string> Scopes);
