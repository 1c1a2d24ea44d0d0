using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Computes the digests that S3 requires for a body: its MD5 and one checksum.</summary>
internal sealed class ContentDigests : IDisposable
{
    private readonly ChecksumAlgorithm _algorithm;
    private readonly Md5ContentDigest _md5 = new();
    private readonly ChecksumContentDigest? _checksum;

    public ContentDigests(ChecksumAlgorithm algorithm)
    {
        _algorithm = algorithm;

        // The upload computes SHA-256 itself, because the signature may need it too.
        _checksum = algorithm == ChecksumAlgorithm.Sha256 ? null : ChecksumContentDigest.Create(algorithm);
        Passes = _checksum switch
        {
            null => [_md5],

            // A CRC takes a fraction of the time of an MD5, so a pass of its own does not pay.
            { Algorithm: not ChecksumAlgorithm.Sha1 } => [new Both(_md5, _checksum)],
            _ => [_md5, _checksum],
        };
    }

    /// <summary>Gets the digests to feed; each may run on a core of its own.</summary>
    public IReadOnlyList<IContentDigest> Passes { get; }

    /// <summary>Gets a value indicating whether the checksum is the SHA-256 that the upload computes.</summary>
    public bool NeedSha256 => _checksum is null;

    public byte[] GetMd5() => _md5.GetMd5();

    /// <param name="sha256">The SHA-256 of the bytes; required if <see cref="NeedSha256"/>.</param>
    public Checksum GetChecksum(Sha256Digest? sha256) => _checksum?.GetChecksum() ?? new Checksum(_algorithm, sha256!.Bytes.Span);

    public void Dispose()
    {
        _md5.Dispose();
        _checksum?.Dispose();
    }

    private sealed class Both(IContentDigest first, IContentDigest second) : IContentDigest
    {
        public void Append(ReadOnlySpan<byte> bytes)
        {
            first.Append(bytes);
            second.Append(bytes);
        }
    }
}
