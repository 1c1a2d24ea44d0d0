namespace MediaAspire.Core.Media.Uploads;

/// <summary>The division of a part of media into the parts of an upload.</summary>
/// <param name="Size">The size of the whole, in bytes.</param>
/// <param name="PartSize">The size of each part but the last, in bytes.</param>
public sealed record MultipartPlan(long Size, long PartSize)
{
    /// <summary>The largest object that S3 stores by one request, in bytes.</summary>
    public const long LargestPut = 5L << 30;

    private const int FewParts = 1_000;
    private const long MiB = 1 << 20;

    /// <summary>Gets the number of parts; an empty object has one.</summary>
    public int Count => (int)Math.Max(1, (Size + PartSize - 1) / PartSize);

    /// <summary>Divides a size into parts of a preferred size; larger ones where there would be more than 1,000.</summary>
    public static MultipartPlan Of(long size, long preferred)
    {
        var enough = (((size + FewParts - 1) / FewParts) + MiB - 1) / MiB * MiB;
        return new MultipartPlan(size, Math.Min(LargestPut, Math.Max(preferred, enough)));
    }

    /// <summary>Returns the length of a part, in bytes.</summary>
    /// <param name="number">1 to <see cref="Count"/>.</param>
    public long LengthOf(int number) => number < Count ? PartSize : Size - (PartSize * (Count - 1));
}
