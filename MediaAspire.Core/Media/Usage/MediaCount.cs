namespace MediaAspire.Core.Media.Usage;

/// <summary>A number of items and their bytes.</summary>
/// <param name="Items">Items.</param>
/// <param name="Bytes">The sum of their sizes; clones count like other items, although they share the bytes.</param>
public readonly record struct MediaCount(long Items, long Bytes)
{
    public static MediaCount operator +(MediaCount left, MediaCount right) => new(left.Items + right.Items, left.Bytes + right.Bytes);
}
