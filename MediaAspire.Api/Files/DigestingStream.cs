using System.Security.Cryptography;
using MediaAspire.Api.Http;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.Files;

/// <summary>Hashes the bytes that are read through it. Does not own the inner stream.</summary>
internal sealed class DigestingStream(Stream inner) : ReadOnceStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Takes the SHA-256 of everything read so far.</summary>
    public Sha256Digest TakeDigest() => Sha256Digest.TakeFrom(_hash);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Request bodies are read asynchronously.");

    public override void Flush()
    {
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
