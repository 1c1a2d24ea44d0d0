using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Uploads;

/// <summary>The digests of one piece that a part of an object needs.</summary>
internal sealed class PieceDigests : IDisposable
{
    private readonly Md5ContentDigest? _md5;
    private readonly ChecksumContentDigest? _checksum;

    public PieceDigests(UploadTarget target)
    {
        if (target is ObjectTarget upload)
        {
            _md5 = new();
            _checksum = ChecksumContentDigest.Create(AlgorithmOf(upload));
        }
    }

    public IEnumerable<IContentDigest> All => new IContentDigest?[] { _md5, _checksum }.OfType<IContentDigest>();

    /// <summary>Gets the algorithm of an object's checksum.</summary>
    public static ChecksumAlgorithm AlgorithmOf(ObjectTarget target) =>
        target.Attributes.Checksum is { } wanted && ChecksumNames.TryParseAlgorithm(wanted.Algorithm, out var algorithm)
            ? algorithm
            : ChecksumAlgorithm.Crc64Nvme;

    /// <summary>Reads the digests of a part of an object; <see langword="null"/>s for other targets.</summary>
    public (string? ETag, string? Checksum) Read() =>
        (_md5 is null ? null : Convert.ToHexStringLower(_md5.GetMd5()), _checksum?.GetChecksum().ToString());

    public void Dispose()
    {
        _md5?.Dispose();
        _checksum?.Dispose();
    }
}
