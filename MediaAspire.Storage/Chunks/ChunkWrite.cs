using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Chunks;

/// <summary>A chunk that is being written to disk. Disposing it before it is sealed deletes it.</summary>
/// <remarks>One thread at a time. After an exception only <see cref="Dispose"/> is legal.</remarks>
public sealed class ChunkWrite : IDisposable
{
    private readonly ChunkStore _store;
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly ChunkOutput _output;
    private readonly ChunkSpace.Reservation _space;
    private readonly SpaceSteps? _steps;
    private readonly long? _expectedSize;
    private readonly List<ulong> _checksums;
    private bool _isSealed;

    internal ChunkWrite(
        ChunkStore store,
        ChunkId chunk,
        FileId file,
        long? expectedSize,
        SafeFileHandle handle,
        string path,
        ChunkSpace.Reservation space,
        SpaceSteps? steps)
    {
        _store = store;
        _path = path;
        _handle = handle;
        _output = new ChunkOutput(handle, expectedSize);
        _space = space;
        _steps = steps;
        _expectedSize = expectedSize;

        // Not more than a few KiB for what was only announced.
        _checksums = new List<ulong>(BlockFormat.CountBlocks(Math.Min(expectedSize ?? 0, 64 * 1024 * 1024)));
        Chunk = chunk;
        FileId = file;
    }

    public ChunkId Chunk { get; }

    public FileId FileId { get; }

    /// <summary>
    /// Gets or sets a value indicating whether the chunk was deleted since the write began, so that it must fail. Guarded by the store.
    /// </summary>
    internal bool IsRevoked { get; set; }

    /// <summary>Gets the number of bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Checks a run against its checksums, and writes it. The caller keeps its reference.</summary>
    /// <exception cref="ChunkStoreException">
    /// The run does not start where the last one ended, goes beyond the expected size or is damaged, or the disk is full.
    /// </exception>
    public async Task AppendAsync(BlockRun run, CancellationToken cancellationToken)
    {
        // A run starts at a whole block, so nothing can follow a short block.
        if (run.Offset != Length)
        {
            throw new ChunkStoreException(
                ChunkStoreError.Invalid, $"Expected the run at {Length} of chunk {Chunk}, but it starts at {run.Offset}.");
        }

        if (Length + run.Length > _expectedSize)
        {
            throw new ChunkStoreException(ChunkStoreError.Invalid, $"Chunk {Chunk} has more than the {_expectedSize} bytes announced.");
        }

        if (run.FindBadBlock() is { } bad)
        {
            throw new ChunkStoreException(ChunkStoreError.Corrupt, $"The block at {bad} of chunk {Chunk} was damaged in transit.");
        }

        _steps?.Reserve(Length + run.Length);
        await WriteAsync(run.Data, Length, cancellationToken);
        _checksums.AddRange(run.Checksums);
        Length += run.Length;
    }

    /// <summary>Seals the chunk. Returns when file and directory entry are on stable storage.</summary>
    /// <param name="size">The writer's count of the bytes.</param>
    /// <param name="sha256">The writer's SHA-256 of the bytes. Stored, and compared when the chunk is verified.</param>
    /// <param name="cancellationToken">Ends the call until the file has its final name.</param>
    /// <exception cref="ChunkStoreException">
    /// Another number of bytes was written, other bytes are already sealed under this id, or the disk is full.
    /// </exception>
    public Task SealAsync(long size, Sha256Digest sha256, CancellationToken cancellationToken) =>
        SealAsync(size, sha256, replacesDamaged: false, cancellationToken);

    /// <summary>Seals the chunk, and replaces a damaged one when <paramref name="replacesDamaged"/> is true.</summary>
    internal async Task SealAsync(long size, Sha256Digest sha256, bool replacesDamaged, CancellationToken cancellationToken)
    {
        if (size != Length || (_expectedSize is { } expected && size != expected))
        {
            throw new ChunkStoreException(
                ChunkStoreError.Invalid,
                $"Chunk {Chunk} cannot be sealed with {size} bytes: {Length} were written and {_expectedSize ?? size} announced.");
        }

        var footer = new ChunkFooter(Chunk, FileId, size, sha256, [.. _checksums]);
        await WriteAsync(footer.Encode(), size, cancellationToken);
        await _store.CommitAsync(this, _path, _handle, footer, replacesDamaged, cancellationToken);
        _isSealed = true;

        // Before the reply, so that the writer's next chunk finds the space.
        _space.Dispose();
    }

    public void Dispose()
    {
        _store.End(this);
        _handle.Dispose();
        if (!_isSealed)
        {
            File.Delete(_path);
        }

        _space.Dispose();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        if (_expectedSize is null)
        {
            _space.Add(bytes.Length);
        }

        try
        {
            await _output.WriteAsync(bytes, offset, cancellationToken);
        }
        catch (IOException exception) when (StableStorage.IsOutOfSpace(exception))
        {
            throw new ChunkStoreException(ChunkStoreError.NoSpace, $"The disk is full at {offset} of chunk {Chunk}.", exception);
        }

        _space.MarkAllocated();
    }
}
