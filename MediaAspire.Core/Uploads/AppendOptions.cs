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

    /// <summary>Gets the checksum of the appended bytes; <see langword="null"/> for none.</summary>
    public AppendChecksum? Checksum { get; init; }
}
