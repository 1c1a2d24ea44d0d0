namespace MediaAspire.Core.Checksums;

/// <summary>Something that is computed over all bytes of a content, in their order: an MD5, a checksum.</summary>
/// <remarks>
/// The bytes come in pieces of any size, each exactly once, one call at a time, though not always on the same thread. How the value is
/// asked for at the end is the class's own matter, and so is disposing it: whoever made a digest keeps it and disposes it.
/// </remarks>
public interface IContentDigest
{
    /// <summary>Takes in the next bytes. They are not kept: the caller may reuse the memory as soon as this returns.</summary>
    void Append(ReadOnlySpan<byte> bytes);
}
