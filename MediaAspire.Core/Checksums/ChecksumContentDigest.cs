using System.IO.Hashing;
using System.Security.Cryptography;

namespace MediaAspire.Core.Checksums;

/// <summary>A checksum that is computed during an upload.</summary>
public abstract class ChecksumContentDigest : IContentDigest, IDisposable
{
    private ChecksumContentDigest(ChecksumAlgorithm algorithm) => Algorithm = algorithm;

    public ChecksumAlgorithm Algorithm { get; }

    public static ChecksumContentDigest Create(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => new OfCrc32(algorithm, Crc32ParameterSet.Crc32),
        ChecksumAlgorithm.Crc32C => new OfCrc32(algorithm, Crc32ParameterSet.Crc32C),
        ChecksumAlgorithm.Crc64Nvme => new OfCrc64(algorithm, Crc64ParameterSet.Nvme),
        ChecksumAlgorithm.Sha1 => new OfHash(algorithm, HashAlgorithmName.SHA1),
        ChecksumAlgorithm.Sha256 => new OfHash(algorithm, HashAlgorithmName.SHA256),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Unknown checksum algorithm."),
    };

    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Computes the checksum of the bytes so far; more may follow.</summary>
    public abstract Checksum GetChecksum();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class OfCrc32(ChecksumAlgorithm algorithm, Crc32ParameterSet parameters) : ChecksumContentDigest(algorithm)
    {
        private readonly Crc32 _crc = new(parameters);

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        public override Checksum GetChecksum() => Checksum.OfCrc(Algorithm, _crc.GetCurrentHashAsUInt32());
    }

    private sealed class OfCrc64(ChecksumAlgorithm algorithm, Crc64ParameterSet parameters) : ChecksumContentDigest(algorithm)
    {
        private readonly Crc64 _crc = new(parameters);

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        public override Checksum GetChecksum() => Checksum.OfCrc(Algorithm, _crc.GetCurrentHashAsUInt64());
    }

    private sealed class OfHash(ChecksumAlgorithm algorithm, HashAlgorithmName name) : ChecksumContentDigest(algorithm)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override Checksum GetChecksum()
        {
            Span<byte> bytes = stackalloc byte[_hash.HashLengthInBytes];
            _hash.GetCurrentHash(bytes);
            return new(Algorithm, bytes);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
