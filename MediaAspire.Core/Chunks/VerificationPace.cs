namespace MediaAspire.Core.Chunks;

/// <summary>How fast a node may read a chunk back.</summary>
/// <param name="BytesPerSecond">At most so many bytes a second; 0 for as fast as it can.</param>
/// <param name="Size">The chunk's bytes, which tell how long the reading may take at that pace.</param>
public readonly record struct VerificationPace(long BytesPerSecond, long Size)
{
    /// <summary>As fast as the node can.</summary>
    public static VerificationPace Unlimited => default;

    /// <summary>Gets the time that the pace itself takes.</summary>
    public TimeSpan Duration => BytesPerSecond > 0 ? TimeSpan.FromSeconds((double)Size / BytesPerSecond) : TimeSpan.Zero;
}
