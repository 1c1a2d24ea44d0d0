using System.Security.Cryptography;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The digests that a request declares of its document, computed while the document is read.</summary>
internal sealed class DocumentDigests : IDisposable
{
    private const string TrailerHeader = "x-amz-trailer";

    private readonly S3Request _request;
    private readonly IncrementalHash? _sha256;
    private readonly IncrementalHash? _md5;
    private readonly List<ChecksumContentDigest> _checksums;

    /// <param name="request">The request.</param>
    /// <param name="includesChecksums">
    /// A value indicating whether the checksums of the request belong to its document; in a completion they belong to the object.
    /// </param>
    public DocumentDigests(S3Request request, bool includesChecksums)
    {
        _request = request;
        _sha256 = request.Payload.DeclaredSha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
#pragma warning disable CA5351 // The header carries an MD5. It protects against accidents, not against attackers.
        _md5 = DeclaredMd5.Length == 0 ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        _checksums = includesChecksums
            ? [.. ChecksumNames.All.Where(IsDeclared).Select(ChecksumContentDigest.Create)]
            : [];
    }

    private string DeclaredMd5 => _request.Headers.ContentMD5.ToString();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _sha256?.AppendData(bytes);
        _md5?.AppendData(bytes);
        foreach (var checksum in _checksums)
        {
            checksum.Append(bytes);
        }
    }

    /// <summary>Compares the digests of the whole document with the declared ones.</summary>
    /// <exception cref="S3Exception">A declared digest is malformed, or differs.</exception>
    public void Verify()
    {
        if (_sha256 is not null
            && _request.Payload.DeclaredSha256 is { } declared
            && Sha256Digest.TakeFrom(_sha256) is var actual
            && !declared.Equals(actual))
        {
            throw S3Errors.ContentSha256Mismatch(declared.ToString(), actual.ToString()).ToException();
        }

        VerifyMd5();
        foreach (var checksum in _checksums)
        {
            Verify(checksum);
        }
    }

    public void Dispose()
    {
        _sha256?.Dispose();
        _md5?.Dispose();
        foreach (var checksum in _checksums)
        {
            checksum.Dispose();
        }
    }

    private void VerifyMd5()
    {
        if (_md5 is null)
        {
            return;
        }

        Span<byte> expected = stackalloc byte[MD5.HashSizeInBytes];
        if (!Convert.TryFromBase64String(DeclaredMd5, expected, out var length) || length != MD5.HashSizeInBytes)
        {
            throw S3Errors.InvalidDigest(DeclaredMd5).ToException();
        }

        if (!expected.SequenceEqual(_md5.GetHashAndReset()))
        {
            throw S3Errors.BadDigest().ToException();
        }
    }

    private void Verify(ChecksumContentDigest digest)
    {
        var algorithm = digest.Algorithm;
        var header = _request.Header(algorithm.HeaderName);
        if ((header ?? _request.Payload.Trailers.GetValueOrDefault(algorithm.HeaderName)) is not { } declared)
        {
            return;
        }

        if (!Checksum.TryParse(algorithm, declared, out var expected))
        {
            throw S3Errors.InvalidChecksum(algorithm, isTrailer: header is null).ToException();
        }

        if (!digest.GetChecksum().Equals(expected))
        {
            throw S3Errors.BadChecksum(algorithm).ToException();
        }
    }

    // The value of a trailer is known only at the end, but a header announces its name.
    private bool IsDeclared(ChecksumAlgorithm algorithm) =>
        _request.Header(algorithm.HeaderName) is not null
        || (_request.Header(TrailerHeader) ?? "").Contains(algorithm.HeaderName, StringComparison.OrdinalIgnoreCase);
}
