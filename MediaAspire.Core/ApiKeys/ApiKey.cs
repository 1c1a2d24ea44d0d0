using System.Net;
using System.Security.Cryptography;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.ApiKeys;

/// <summary>An enabled key, as it was read from the database.</summary>
/// <param name="id">The public part.</param>
/// <param name="owner">The owner whose data alone it sees; <see langword="null"/> for a key of operators.</param>
/// <param name="scopes">The permissions.</param>
/// <param name="hash">The SHA-256 of the secret.</param>
public sealed class ApiKey(string id, OwnerId? owner, ApiScopes scopes, byte[] hash)
{
    private bool _isUsed;

    public string Id => id;

    public OwnerId? Owner => owner;

    public ApiScopes Scopes => scopes;

    /// <summary>Gets the address ranges from which it is accepted; empty for all.</summary>
    internal IPNetwork[] Addresses { get; init; } = [];

    /// <summary>Gets the SHA-256 of the secret before the last rotation.</summary>
    internal byte[]? PreviousHash { get; init; }

    /// <summary>Gets the time for which <see cref="PreviousHash"/> is valid, from when the key was read.</summary>
    internal TimeSpan PreviousValidFor { get; init; }

    /// <summary>Gets the time for which the key is valid, from when it was read.</summary>
    internal TimeSpan ValidFor { get; init; } = TimeSpan.MaxValue;

    /// <summary>Gets the timestamp of the process's clock from before the key was read.</summary>
    internal long ReadAt { get; init; }

    /// <summary>Marks the key as used since it was read.</summary>
    /// <returns><see langword="true"/> for the first use.</returns>
    internal bool TryMarkUsed() => !Volatile.Read(ref _isUsed) && !Interlocked.Exchange(ref _isUsed, true);

    /// <summary>Compares the hash of a given secret with those of the key, in a time that does not depend on the bytes.</summary>
    internal bool Matches(ReadOnlySpan<byte> given, TimeSpan age) =>
        CryptographicOperations.FixedTimeEquals(given, hash)
        | (PreviousHash is { } previous && age < PreviousValidFor && CryptographicOperations.FixedTimeEquals(given, previous));

    internal bool Accepts(IPAddress? address)
    {
        if (Addresses.Length == 0)
        {
            return true;
        }

        if (address is null)
        {
            return false;
        }

        // A socket for both families names IPv4 addresses as IPv6 ones.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(Addresses, range => range.Contains(plain));
    }
}
