namespace MediaAspire.Api.Console;

/// <summary>A static file of the console, with the encodings that its build has prepared.</summary>
/// <param name="ContentType">The media type.</param>
/// <param name="IsImmutable">A value indicating whether the name contains a hash of the content, so that browsers keep it.</param>
/// <param name="Tag">The beginning of the entity tags, a hash of the content.</param>
/// <param name="Plain">The bytes without an encoding.</param>
internal sealed record ConsoleFile(string ContentType, bool IsImmutable, string Tag, byte[] Plain)
{
    /// <summary>Gets the bytes compressed with Brotli; <see langword="null"/> when the build has not made them.</summary>
    public byte[]? Brotli { get; init; }

    /// <summary>Gets the bytes compressed with gzip; <see langword="null"/> when the build has not made them.</summary>
    public byte[]? Gzip { get; init; }
}
