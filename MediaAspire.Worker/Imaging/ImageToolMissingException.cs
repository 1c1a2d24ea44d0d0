namespace MediaAspire.Worker.Imaging;

/// <summary>Thrown when a program or a library that processes images is not installed. The message names the package.</summary>
public sealed class ImageToolMissingException(string message) : Exception(message);
