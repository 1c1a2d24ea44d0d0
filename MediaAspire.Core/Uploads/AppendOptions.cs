namespace MediaAspire.Core.Uploads;

/// <summary>The options of an append.</summary>
public sealed record AppendOptions
{
    /// <summary>Gets the number of bytes that the request declares; <see langword="null"/> when it is unknown.</summary>
    public long? ContentLength { get; init; }

    /// <summary>Gets the most bytes that are accepted of this append; a longer one is refused.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Gets a value indicating whether the upload has all its bytes when the body has ended.</summary>
    public bool Completes { get; init; }

    /// <summary>
    /// Gets a value indicating whether the upload takes more requests even when it has its length: its client says when it is complete.
    /// </summary>
    public bool StaysOpen { get; init; }

    /// <summary>
    /// Gets a value indicating whether nothing of the body is kept unless all of it can be read. A body with a declared checksum throws
    /// <see cref="ChecksumMismatchException"/> at its end when its bytes are others.
    /// </summary>
    public bool IsAtomic { get; init; }
}
