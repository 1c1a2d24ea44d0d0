using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A part of one file.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">First byte, from the file's start.</param>
/// <param name="Length">Length in bytes, at least 1.</param>
/// <param name="Stored">The file's chunks, when they are known already.</param>
internal readonly record struct FileSlice(FileId File, long Offset, long Length, StoredFile? Stored);
