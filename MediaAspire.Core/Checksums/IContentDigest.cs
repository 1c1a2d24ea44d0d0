namespace MediaAspire.Core.Checksums;

/// <summary>A value that is computed over all bytes of a content in order, such as an MD5 or a checksum.</summary>
/// <remarks>
/// The bytes arrive in pieces of any size, each exactly once, one call at a time, but not always on the same thread. Each implementation
/// has its own way to read the value. The creator of a digest owns and disposes it.
/// </remarks>
public interface IContentDigest
{
    /// <summary>Adds the next bytes. They are not kept: the caller may reuse the memory as soon as this returns.</summary>
    void Append(ReadOnlySpan<byte> bytes);
}
