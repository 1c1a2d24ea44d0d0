using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>The plan for cutting a file into chunks, as far as it is known before the last byte.</summary>
/// <remarks>
/// With a length, chunks 0 … n−2 have <c>length / n</c> bytes each and the last one has all remaining bytes.
/// Without a length, every chunk has <see cref="ChunkOptions.StreamSize"/> bytes and the last one is not planned.
/// </remarks>
public readonly struct ChunkPlan
{
    private readonly long _partSize;

    private ChunkPlan(int? count, long partSize)
    {
        Count = count;
        _partSize = partSize;
    }

    /// <summary>Gets the number of planned chunks; <see langword="null"/> when the length is unknown.</summary>
    public int? Count { get; }

    /// <summary>Gets the size of a chunk in bytes; the maximum when the length is unknown.</summary>
    public long ChunkBytes => _partSize;

    /// <summary>Makes the plan of a file.</summary>
    /// <param name="length">The file's length in bytes, or the best estimate of it; <see langword="null"/> when it is unknown.</param>
    /// <param name="options">The number and the sizes of chunks.</param>
    public static ChunkPlan For(long? length, ChunkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        if (length is not { } known)
        {
            return new(count: null, options.StreamSize);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(known);

        // A chunk is never empty, so a file of three bytes has at most three.
        var wanted = options.MinSize == 0 ? known : (known + options.MinSize - 1) / options.MinSize;
        var count = (int)Math.Min(wanted, options.Count);
        return new(count, count == 0 ? 0 : known / count);
    }

    /// <summary>Gets the maximum size of chunk <paramref name="number"/>; <see cref="long.MaxValue"/> for the last one.</summary>
    public long LimitOf(int number) => Count is { } count && number >= count - 1 ? long.MaxValue : _partSize;
}
