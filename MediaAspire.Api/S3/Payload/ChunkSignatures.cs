using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.S3.Signing;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Verifies the chain of a body's chunk signatures: each covers its chunk and the signature before it.</summary>
/// <remarks>A chunk causes no allocation.</remarks>
internal sealed class ChunkSignatures : IDisposable
{
    private readonly ChunkSeed _seed;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // "AWS4-HMAC-SHA256-PAYLOAD\n time \n scope \n previous signature \n SHA-256 of nothing \n SHA-256 of the chunk": only two parts
    // change.
    private readonly byte[] _stringToSign;
    private readonly Range _previous;
    private readonly Range _chunk;

    public ChunkSignatures(ChunkSeed seed)
    {
        _seed = seed;
        var prefix = $"{SigV4.ChunkAlgorithm}\n{seed.Time}\n{seed.Scope}\n";
        _stringToSign = Encoding.UTF8.GetBytes($"{prefix}{seed.Signature}\n{SigV4.EmptySha256}\n{SigV4.EmptySha256}");
        var start = Encoding.UTF8.GetByteCount(prefix);
        _previous = start..(start + SigV4.SignatureLength);
        _chunk = ^SigV4.SignatureLength..;
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Ends a chunk.</summary>
    /// <param name="signature">The 64 characters in the header of the chunk.</param>
    /// <exception cref="Protocol.S3Exception">The chunk differs from the signed one, or is out of order.</exception>
    public void VerifyChunk(ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        Convert.TryToHexStringLower(hash, _stringToSign.AsSpan(_chunk), out _);
        Verify(_stringToSign, signature);
    }

    /// <summary>Ends the trailers, which follow the last chunk.</summary>
    /// <param name="trailers">By lower-case name.</param>
    /// <param name="signature">As the client sent it.</param>
    /// <exception cref="Protocol.S3Exception">The trailers differ from the signed ones.</exception>
    public void VerifyTrailers(IReadOnlyDictionary<string, string> trailers, ReadOnlySpan<byte> signature)
    {
        var lines = new ArrayBufferWriter<byte>(256);
        foreach (var (name, value) in trailers.OrderBy(trailer => trailer.Key, StringComparer.Ordinal))
        {
            Encoding.UTF8.GetBytes($"{name}:{value}\n", lines);
        }

        var previous = Encoding.ASCII.GetString(_stringToSign.AsSpan(_previous));
        var hash = Convert.ToHexStringLower(SHA256.HashData(lines.WrittenSpan));
        Verify(Encoding.UTF8.GetBytes($"{SigV4.TrailerAlgorithm}\n{_seed.Time}\n{_seed.Scope}\n{previous}\n{hash}"), signature);
    }

    public void Dispose() => _hash.Dispose();

    private void Verify(ReadOnlySpan<byte> stringToSign, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[SigV4.SignatureLength];
        _seed.Key.Sign(stringToSign, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, signature))
        {
            throw SigningErrors.SignatureDoesNotMatch(
                _seed.AccessKeyId, Encoding.UTF8.GetString(signature), Encoding.UTF8.GetString(stringToSign)).ToException();
        }

        expected.CopyTo(_stringToSign.AsSpan(_previous));
    }
}
