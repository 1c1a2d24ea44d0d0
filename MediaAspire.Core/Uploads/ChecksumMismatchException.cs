namespace MediaAspire.Core.Uploads;

/// <summary>The failure of a body that does not have its declared checksum. A body throws it when its end is read.</summary>
/// <param name="message">An explanation for the client.</param>
/// <param name="isMalformed">A value indicating whether the declared checksum itself could not be read.</param>
public sealed class ChecksumMismatchException(string message, bool isMalformed) : Exception(message)
{
    /// <summary>Gets a value indicating whether the declared checksum itself could not be read.</summary>
    public bool IsMalformed => isMalformed;
}
