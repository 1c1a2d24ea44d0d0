using System.Security.Cryptography;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Files;

/// <summary>The SHA-256 of every chunk of an upload, and of the whole file on request.</summary>
/// <remarks>Until the first chunk ends both are the same, so its bytes are hashed once. One thread at a time.</remarks>
internal sealed class UploadHashes(bool isFileWanted) : IDisposable
{
    // Over the first chunk, and then over the others too when the hash of the file is wanted.
    private readonly IncrementalHash _file = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private Sha256Digest? _firstChunk;
    private IncrementalHash? _laterChunk;

    /// <summary>Hashes the next bytes of the file. They all belong to one chunk.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_firstChunk is null || isFileWanted)
        {
            _file.AppendData(bytes);
        }

        if (_firstChunk is not null)
        {
            _laterChunk ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _laterChunk.AppendData(bytes);
        }
    }

    /// <summary>Ends a chunk, which has bytes. Later bytes belong to the next one.</summary>
    /// <returns>The chunk's SHA-256.</returns>
    public Sha256Digest EndChunk() =>
        _laterChunk is null ? _firstChunk = Sha256Digest.Of(_file) : Sha256Digest.TakeFrom(_laterChunk);

    /// <summary>Ends the file, whose last chunk has ended.</summary>
    /// <returns>The file's SHA-256; <see langword="null"/> when it was not requested and the file has several chunks.</returns>
    public Sha256Digest? EndFile() =>
        _firstChunk is null ? Sha256Digest.OfNothing
        : _laterChunk is null ? _firstChunk
        : isFileWanted ? Sha256Digest.TakeFrom(_file)
        : null;

    public void Dispose()
    {
        _file.Dispose();
        _laterChunk?.Dispose();
    }
}
