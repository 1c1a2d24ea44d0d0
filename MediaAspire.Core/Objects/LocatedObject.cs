using MediaAspire.Core.Files;

namespace MediaAspire.Core.Objects;

/// <summary>A version, and where its bytes are, both as of one moment: whatever happens to the version afterwards, its bytes can be read until
/// they are collected.</summary>
/// <param name="Version">The version.</param>
/// <param name="File">The file with its bytes; <see langword="null"/> for a delete marker, where the bytes are those of parts, and when the key
/// changed while it was looked up: then the file is found by its id.</param>
/// <param name="Parts">The parts whose bytes are the version's, in their order; empty for a version that was put at once.</param>
public sealed record LocatedObject(ObjectVersion Version, StoredFile? File, IReadOnlyList<ObjectPart> Parts);
