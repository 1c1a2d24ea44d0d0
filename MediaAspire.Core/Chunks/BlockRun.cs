namespace MediaAspire.Core.Chunks;

/// <summary>Consecutive blocks of a chunk and their checksums, in a pooled buffer that starts at a page.</summary>
/// <remarks>
/// <para>
/// The code that rents or receives a run owns one reference and disposes it once; <see cref="Retain"/> makes another. The last reference
/// returns the buffer to the pool, and no part of the run may be used after that. A callee that needs the run longer than its call
/// retains it: the caller may dispose its reference as soon as the call returns or its task completes.
/// </para>
/// <para>
/// A run is filled by one thread through <see cref="Unused"/> and <see cref="Advance"/>, then completed; from then on it never changes
/// and any number of threads may read it.
/// </para>
/// </remarks>
public sealed class BlockRun : IDisposable
{
    private readonly int _capacity;
    private BlockBuffer? _buffer;
    private ulong[] _checksums = [];
    private int _references = 1;

    private BlockRun(long offset, int capacity)
    {
        Offset = offset;
        _capacity = capacity;
        _buffer = BlockBuffer.Rent(capacity);
    }

    /// <summary>Gets the offset of the run's first byte in the chunk, a multiple of <see cref="BlockFormat.BlockSize"/>.</summary>
    public long Offset { get; }

    /// <summary>Gets the number of bytes in the run.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Data => Buffer[..Length];

    /// <summary>Gets the checksum of each block; empty before <see cref="Complete()"/>.</summary>
    public ReadOnlySpan<ulong> Checksums => _checksums;

    /// <summary>Gets the room for more bytes; empty when the run is full.</summary>
    public Memory<byte> Unused => Buffer[Length.._capacity];

    /// <summary>Gets the size of the run's buffer in bytes, which may be larger than the run.</summary>
    internal int BufferBytes => Buffer.Length;

    private Memory<byte> Buffer => _buffer?.Memory ?? throw new ObjectDisposedException(nameof(BlockRun));

    /// <summary>Rents an empty run.</summary>
    /// <param name="offset">The offset of its first byte in the chunk, a multiple of <see cref="BlockFormat.BlockSize"/>.</param>
    /// <param name="capacity">Its capacity in bytes, 1 to <see cref="BlockFormat.MaxRunBytes"/>.</param>
    public static BlockRun Rent(long offset, int capacity = BlockFormat.DefaultRunBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNotEqual(BlockFormat.BlockStart(offset), offset, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, BlockFormat.MaxRunBytes);
        return new BlockRun(offset, capacity);
    }

    /// <summary>Counts bytes just written to <see cref="Unused"/>.</summary>
    public void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_capacity - Length), nameof(bytes));
        Length += bytes;
    }

    /// <summary>Computes the checksums of the bytes.</summary>
    public void Complete()
    {
        var data = Data.Span;
        var checksums = new ulong[BlockFormat.CountBlocks(data.Length)];
        for (var i = 0; i < checksums.Length; i++)
        {
            checksums[i] = BlockFormat.Checksum(Block(data, i));
        }

        _checksums = checksums;
    }

    /// <summary>Takes the checksums that arrived with the bytes, one for each block.</summary>
    public void Complete(ReadOnlySpan<ulong> checksums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(checksums.Length, BlockFormat.CountBlocks(Length), nameof(checksums));
        _checksums = checksums.ToArray();
    }

    /// <summary>Checks the bytes against the checksums.</summary>
    /// <returns>The offset in the chunk of the first block that differs; null when all agree.</returns>
    public long? FindBadBlock()
    {
        for (var i = 0; i < _checksums.Length; i++)
        {
            if (IsBad(i))
            {
                return Offset + ((long)i * BlockFormat.BlockSize);
            }
        }

        return null;
    }

    /// <summary>Checks the bytes against the checksums.</summary>
    /// <returns>The offsets in the chunk of all blocks that differ.</returns>
    public IEnumerable<long> FindBadBlocks() =>
        Enumerable.Range(0, _checksums.Length).Where(IsBad).Select(i => Offset + ((long)i * BlockFormat.BlockSize));

    /// <summary>Makes another reference, which its owner disposes.</summary>
    public BlockRun Retain()
    {
        ObjectDisposedException.ThrowIf(Interlocked.Increment(ref _references) <= 1, this);
        return this;
    }

    /// <summary>Releases one reference.</summary>
    public void Dispose()
    {
        var left = Interlocked.Decrement(ref _references);
        ObjectDisposedException.ThrowIf(left < 0, this);
        if (left == 0)
        {
            Interlocked.Exchange(ref _buffer, null)!.Return();
        }
    }

    private bool IsBad(int index) => BlockFormat.Checksum(Block(Data.Span, index)) != _checksums[index];

    private static ReadOnlySpan<byte> Block(ReadOnlySpan<byte> data, int index)
    {
        var start = index * BlockFormat.BlockSize;
        return data.Slice(start, Math.Min(BlockFormat.BlockSize, data.Length - start));
    }
}
