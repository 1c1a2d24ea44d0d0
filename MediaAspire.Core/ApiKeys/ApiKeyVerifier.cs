using System.Net;

namespace MediaAspire.Core.ApiKeys;

/// <summary>Decides whether the text of a key is valid.</summary>
/// <remarks>Thread-safe. A known key costs a look-up in a dictionary and a SHA-256.</remarks>
public sealed class ApiKeyVerifier(ApiKeyCache cache, ApiKeyUses uses, TimeProvider time)
{
    /// <summary>Verifies a key.</summary>
    /// <param name="text">As the client sent it: of any length and with any characters.</param>
    /// <param name="address">The client's address; <see langword="null"/> when it is unknown.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public ValueTask<ApiKeyVerification> VerifyAsync(string text, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!ApiKeyFormat.TryParse(text, out var id, out _))
        {
            return ValueTask.FromResult(new ApiKeyVerification(ApiKeyOutcome.Malformed, null));
        }

        var found = cache.FindAsync(id.ToString(), cancellationToken);
        return found.IsCompletedSuccessfully
            ? ValueTask.FromResult(Judge(found.Result, text, address))
            : new(JudgeAsync(found, text, address));
    }

    /// <summary>Finds a key that is enabled and has not expired, by its public id; for rights that it has given to others.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public async ValueTask<ApiKey?> FindUsableAsync(string id, CancellationToken cancellationToken) =>
        await cache.FindAsync(id, cancellationToken) is { } key && time.GetElapsedTime(key.ReadAt) < key.ValidFor ? key : null;

    /// <summary>Verifies a key by the hash of a secret, as of a session that was signed in with it.</summary>
    /// <param name="id">The public part.</param>
    /// <param name="secretHash">The result of <see cref="ApiKeyFormat.Hash(ReadOnlySpan{char})"/>.</param>
    /// <param name="address">The client's address; <see langword="null"/> when it is unknown.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public async ValueTask<ApiKeyVerification> VerifyAsync(
        string id, byte[] secretHash, IPAddress? address, CancellationToken cancellationToken) =>
        await cache.FindAsync(id, cancellationToken) is { } key ? Judge(key, secretHash, address) : new(ApiKeyOutcome.Invalid, null);

    /// <summary>Determines whether verifying a key costs no look-up in the database, because it is cached and exists.</summary>
    public bool IsCached(string text) => ApiKeyFormat.TryParse(text, out var id, out _) && cache.IsCached(id.ToString());

    private async Task<ApiKeyVerification> JudgeAsync(ValueTask<ApiKey?> found, string text, IPAddress? address) =>
        Judge(await found, text, address);

    private ApiKeyVerification Judge(ApiKey? key, string text, IPAddress? address)
    {
        if (key is null || !ApiKeyFormat.TryParse(text, out _, out var secret))
        {
            return new(ApiKeyOutcome.Invalid, null);
        }

        Span<byte> hash = stackalloc byte[ApiKeyFormat.HashBytes];
        ApiKeyFormat.Hash(secret, hash);
        return Judge(key, hash, address);
    }

    private ApiKeyVerification Judge(ApiKey key, ReadOnlySpan<byte> hash, IPAddress? address)
    {
        var age = time.GetElapsedTime(key.ReadAt);
        if (!key.Matches(hash, age) || age >= key.ValidFor)
        {
            return new(ApiKeyOutcome.Invalid, null);
        }

        if (!key.Accepts(address))
        {
            return new(ApiKeyOutcome.AddressRefused, null);
        }

        uses.Record(key);
        return new(ApiKeyOutcome.Valid, key);
    }
}

/// <summary>The outcomes of verifying a key.</summary>
public enum ApiKeyOutcome
{
    Valid,

    /// <summary>The text does not have the form of a key.</summary>
    Malformed,

    /// <summary>The key does not exist, is disabled or has expired, or the secret is wrong: senders do not learn which.</summary>
    Invalid,

    /// <summary>The key is valid, but not from this address.</summary>
    AddressRefused,
}

/// <param name="Outcome">The outcome.</param>
/// <param name="Key">The key when it is valid.</param>
public readonly record struct ApiKeyVerification(ApiKeyOutcome Outcome, ApiKey? Key);
