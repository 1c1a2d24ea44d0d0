using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Core.Images;

/// <summary>Writes a temporary file, and hashes it on another processor meanwhile.</summary>
/// <remarks>
/// The file is written by the calling thread: it goes to the memory of the system and is deleted soon, so that another thread would cost
/// more than it saves. One writer.
/// </remarks>
internal sealed class ScratchCopy(string path) : Stream
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Computes the SHA-256 of all bytes.</summary>
    public Sha256Digest EndHash() => Sha256Digest.TakeFrom(_hash);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var hashing = Task.Run(() => _hash.AppendData(buffer.Span), CancellationToken.None);
        try
        {
            RandomAccess.Write(_file, buffer.Span, _length);
        }
        finally
        {
            // It reads the buffer.
            await hashing;
        }

        _length += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Nothing is buffered.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
