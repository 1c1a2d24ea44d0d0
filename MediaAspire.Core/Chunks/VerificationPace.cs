namespace MediaAspire.Core.Chunks;

/// <summary>The rate at which a node may read a chunk back.</summary>
/// <param name="BytesPerSecond">The limit in bytes per second; 0 for none.</param>
/// <param name="Size">The size of the chunk in bytes, which determines the time at that rate.</param>
public readonly record struct VerificationPace(long BytesPerSecond, long Size)
{
    /// <summary>Gets the pace without a limit.</summary>
    public static VerificationPace Unlimited => default;

    /// <summary>Gets the time that the pace itself takes.</summary>
    public TimeSpan Duration => BytesPerSecond > 0 ? TimeSpan.FromSeconds((double)Size / BytesPerSecond) : TimeSpan.Zero;
}
