using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>Content whose bytes are those of several files, one after the other.</summary>
/// <param name="Size">Length in bytes.</param>
/// <param name="Parts">The parts in the order of their offsets, without gaps.</param>
public sealed record ComposedContent(long Size, IReadOnlyList<ContentPart> Parts);

/// <summary>A file as a part of some content.</summary>
/// <param name="File">The file; it is held as long as the content can be found.</param>
/// <param name="Offset">Position of its first byte in the content.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Stored">The file's chunks, when they are known already; <see langword="null"/> to have them looked up.</param>
public readonly record struct ContentPart(FileId File, long Offset, long Size, StoredFile? Stored = null);
