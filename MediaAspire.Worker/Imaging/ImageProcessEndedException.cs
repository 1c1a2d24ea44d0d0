namespace MediaAspire.Worker.Imaging;

/// <summary>Thrown when an image process ended in the middle of a request.</summary>
/// <param name="message">How it ended.</param>
/// <param name="isForeign">Whether it was ended from outside, so that the content need not be the reason.</param>
internal sealed class ImageProcessEndedException(string message, bool isForeign) : Exception(message)
{
    public bool IsForeign { get; } = isForeign;
}
