using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>Where a file is cut into chunks, as far as that can be said before its last byte.</summary>
/// <remarks>
/// With a length, parts 0 … n−2 hold <c>length / n</c> bytes and the last one takes the rest, whatever it turns out to be.
/// Without one, every part holds <see cref="ChunkOptions.StreamSize"/> bytes and there is no last part.
/// </remarks>
public readonly struct ChunkPlan
{
    private readonly long _partSize;

    private ChunkPlan(int? count, long partSize)
    {
        Count = count;
        _partSize = partSize;
    }

    /// <summary>Gets how many chunks are planned; <see langword="null"/> when the length is unknown.</summary>
    public int? Count { get; }

    /// <summary>Gets how many bytes a chunk will have; the most, when the length is unknown.</summary>
    public long ChunkBytes => _partSize;

    /// <param name="length">The file's length in bytes, or the best estimate of it; <see langword="null"/> when nothing is known.</param>
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

    /// <summary>Gets the most bytes that chunk <paramref name="number"/> may hold; <see cref="long.MaxValue"/> for the last one.</summary>
    public long LimitOf(int number) => Count is { } count && number >= count - 1 ? long.MaxValue : _partSize;
}
