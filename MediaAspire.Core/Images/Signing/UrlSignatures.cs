using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Signing;

/// <summary>Signs addresses of images, and verifies them. Thread-safe.</summary>
/// <remarks>
/// The signature is HMAC-SHA256 over the path and every parameter of the query in its order, decoded and encoded again. An address keeps
/// its signature when a proxy encodes it in another way, and loses it when a parameter is added, removed, changed or moved.
/// </remarks>
public sealed class UrlSignatures(IOptions<SigningOptions> options, TimeProvider time)
{
    private const string KeyName = "key";
    private const string ExpiresName = "expires";
    private const string SignatureName = "signature";

    // Separates these signatures from any other use of the secret.
    private const string Context = "mediaaspire-image-url-v1";

    /// <summary>Gets a value indicating whether there is a key to sign with.</summary>
    public bool CanSign => options.Value.SigningKey is not null;

    /// <summary>Determines whether a parameter belongs to a signature.</summary>
    public static bool IsParameter(string name) => name is KeyName or ExpiresName or SignatureName;

    /// <summary>Signs an address.</summary>
    /// <param name="path">The path, decoded.</param>
    /// <param name="pairs">The parameters of the query in their order, decoded, without those of a signature.</param>
    /// <param name="lifetime">The time for which it is valid.</param>
    /// <exception cref="InvalidOperationException">There is no key to sign with.</exception>
    public SignedUrl Sign(string path, IEnumerable<KeyValuePair<string, string>> pairs, TimeSpan lifetime)
    {
        var key = options.Value.SigningKey ?? throw new InvalidOperationException("There is no key to sign addresses with.");
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        var query = Join([
            .. pairs,
            new(ExpiresName, expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new(KeyName, key)]);
        var signature = Base64Url.EncodeToString(Compute(options.Value.Keys[key], path, query));
        return new($"{EncodePath(path)}?{query}&{SignatureName}={signature}", expiresAt);
    }

    /// <summary>Verifies the signature of an address.</summary>
    /// <param name="path">The path, decoded.</param>
    /// <param name="pairs">The parameters of the query in their order, decoded.</param>
    public SignatureResult Verify(string path, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);

        if (!pairs.Any(pair => IsParameter(pair.Key)))
        {
            return new(SignatureOutcome.Missing);
        }

        if (Only(pairs, SignatureName) is not { } given
            || Only(pairs, KeyName) is not { } key
            || Only(pairs, ExpiresName) is not { } expires
            || !options.Value.Keys.TryGetValue(key, out var secret)
            || !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return new(SignatureOutcome.Invalid);
        }

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var expected = Compute(secret, path, Join(pairs.Where(pair => pair.Key != SignatureName)));
        if (given.Length != Base64Url.GetEncodedLength(signature.Length) || !Base64Url.TryDecodeFromChars(given, signature, out var length)
            || length != signature.Length || !CryptographicOperations.FixedTimeEquals(signature, expected))
        {
            return new(SignatureOutcome.Invalid);
        }

        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return new(expiresAt > time.GetUtcNow() ? SignatureOutcome.Valid : SignatureOutcome.Expired, expiresAt);
    }

    private static byte[] Compute(string secret, string path, string query) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{Context}\n{EncodePath(path)}\n{query}"));

    private static string EncodePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Join(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    private static string? Only(IEnumerable<KeyValuePair<string, string>> pairs, string name) =>
        pairs.Where(pair => pair.Key == name).Select(pair => pair.Value).ToArray() is [var value] ? value : null;
}

/// <summary>A signed address.</summary>
/// <param name="PathAndQuery">The path and the query, encoded.</param>
/// <param name="ExpiresAt">The time from which it is not valid.</param>
public sealed record SignedUrl(string PathAndQuery, DateTimeOffset ExpiresAt);

/// <summary>The result of the verification of a signature.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="ExpiresAt">The time from which it is not valid; <see langword="null"/> where it is not valid at all.</param>
public readonly record struct SignatureResult(SignatureOutcome Outcome, DateTimeOffset? ExpiresAt = null);

/// <summary>The outcomes of the verification of a signature.</summary>
public enum SignatureOutcome
{
    /// <summary>The address has no signature.</summary>
    Missing,
    Valid,
    Invalid,
    Expired,
}
