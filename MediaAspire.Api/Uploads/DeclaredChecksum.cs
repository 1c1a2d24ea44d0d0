using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Security.Cryptography;
using MediaAspire.Api.Http;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Api.Uploads;

/// <summary>A checksum that a client declared for the body of a request.</summary>
/// <param name="Algorithm">The algorithm by its name in tus.</param>
/// <param name="Value">The value.</param>
internal sealed record DeclaredChecksum(string Algorithm, byte[] Value)
{
    /// <summary>The lengths of the values of the algorithms, in bytes. "The Server MUST support at least" SHA-1.</summary>
    private static readonly Dictionary<string, int> s_lengths = new(StringComparer.Ordinal)
    {
        ["sha1"] = SHA1.HashSizeInBytes,
        ["sha256"] = SHA256.HashSizeInBytes,
        ["sha512"] = SHA512.HashSizeInBytes,
        ["md5"] = MD5.HashSizeInBytes,
        ["crc32"] = sizeof(uint),
        ["crc32c"] = sizeof(uint),
    };

    /// <summary>Gets the names of the algorithms, the strongest common one first.</summary>
    public static string Algorithms { get; } = "sha256,sha1,md5,sha512,crc32c,crc32";

    /// <summary>Reads <c>Upload-Checksum</c> of tus.</summary>
    /// <param name="text">The header or the trailer.</param>
    /// <param name="checksum">The checksum.</param>
    /// <returns><see langword="false"/> for an unknown algorithm or a value that it cannot have.</returns>
    public static bool TryRead(string? text, [NotNullWhen(true)] out DeclaredChecksum? checksum)
    {
        checksum = null;
        if (text?.Split(' ') is not [var algorithm, var base64] || !s_lengths.TryGetValue(algorithm, out var length))
        {
            return false;
        }

        var value = new byte[length];
        if (base64.Length != (length + 2) / 3 * 4 || !Convert.TryFromBase64String(base64, value, out var written) || written != length)
        {
            return false;
        }

        checksum = new(algorithm, value);
        return true;
    }

    /// <summary>Reads <c>Content-Digest</c> or <c>Repr-Digest</c> of RFC 9530. Algorithms that are not known here are ignored.</summary>
    /// <returns><see langword="false"/> when the field is malformed, or a value has a length that its algorithm never produces.</returns>
    public static bool TryReadDigests(StringValues field, out IReadOnlyList<DeclaredChecksum> checksums)
    {
        var read = new List<DeclaredChecksum>();
        checksums = read;
        if (field.Count == 0)
        {
            return true;
        }

        if (!StructuredFields.TryReadDictionary(field, out var members))
        {
            return false;
        }

        foreach (var (name, value) in members)
        {
            // The active algorithms of the IANA registry. "Recipients MAY ignore any or all of the digests".
            var algorithm = name switch { "sha-256" => "sha256", "sha-512" => "sha512", _ => null };
            if (algorithm is null)
            {
                continue;
            }

            if (value.Bytes is not { } bytes || bytes.Length != s_lengths[algorithm])
            {
                return false;
            }

            read.Add(new(algorithm, bytes));
        }

        return true;
    }

    /// <summary>Starts computing the checksum of an algorithm.</summary>
    public static RunningChecksum Start(string algorithm) => algorithm switch
    {
        "crc32" => new RunningChecksum(new Crc32(Crc32ParameterSet.Crc32)),
        "crc32c" => new RunningChecksum(new Crc32(Crc32ParameterSet.Crc32C)),
        "sha1" => new RunningChecksum(IncrementalHash.CreateHash(HashAlgorithmName.SHA1)),
        "md5" => new RunningChecksum(IncrementalHash.CreateHash(HashAlgorithmName.MD5)),
        "sha512" => new RunningChecksum(IncrementalHash.CreateHash(HashAlgorithmName.SHA512)),
        _ => new RunningChecksum(IncrementalHash.CreateHash(HashAlgorithmName.SHA256)),
    };
}
