using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Uploads;

/// <summary>The digests of one piece: those that a part of an object needs, and the declared checksum of the append.</summary>
internal sealed class PieceDigests : IDisposable
{
    private readonly Md5ContentDigest? _md5;
    private readonly ChecksumContentDigest? _checksum;
    private readonly AppendDigest? _declared;

    public PieceDigests(UploadTarget target, AppendChecksum? declared)
    {
        if (target is ObjectTarget upload)
        {
            _md5 = new();
            _checksum = ChecksumContentDigest.Create(AlgorithmOf(upload));
        }

        _declared = declared?.CreateDigest();
    }

    public IEnumerable<IContentDigest> All => new IContentDigest?[] { _md5, _checksum, _declared }.OfType<IContentDigest>();

    /// <summary>Gets the algorithm of an object's checksum.</summary>
    public static ChecksumAlgorithm AlgorithmOf(ObjectTarget target) =>
        target.Attributes.Checksum is { } wanted && ChecksumNames.TryParseAlgorithm(wanted.Algorithm, out var algorithm)
            ? algorithm
            : ChecksumAlgorithm.Crc64Nvme;

    public bool Matches(AppendChecksum declared) => _declared!.Matches(declared.Expected());

    /// <summary>Reads the digests of a part of an object; <see langword="null"/>s for other targets.</summary>
    public (string? ETag, string? Checksum) Read() =>
        (_md5 is null ? null : Convert.ToHexStringLower(_md5.GetMd5()), _checksum?.GetChecksum().ToString());

    public void Dispose()
    {
        _md5?.Dispose();
        _checksum?.Dispose();
        _declared?.Dispose();
    }
}
