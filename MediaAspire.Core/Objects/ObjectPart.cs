using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>A part of an object's bytes.</summary>
/// <param name="Number">Its number, from 1; there may be gaps.</param>
/// <param name="Offset">Position of its first byte in the object.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Checksum">Base64, in the object's algorithm; <see langword="null"/> for none.</param>
/// <param name="File">The file with its bytes.</param>
public sealed record ObjectPart(int Number, long Offset, long Size, string? Checksum, FileId File);
