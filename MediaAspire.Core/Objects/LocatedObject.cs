using MediaAspire.Core.Files;

namespace MediaAspire.Core.Objects;

/// <summary>
/// A version and the location of its bytes, both as of one moment. When the version is deleted afterwards, its bytes can still be read
/// until they are collected.
/// </summary>
/// <param name="Version">The version.</param>
/// <param name="File">
/// The file with its bytes. <see langword="null"/> for a delete marker and where the bytes are those of parts, and also when the key
/// changed during the look-up: then the file has to be found by its id.
/// </param>
/// <param name="Parts">The parts whose bytes are the version's, in order; empty for a version that was put in one request.</param>
public sealed record LocatedObject(ObjectVersion Version, StoredFile? File, IReadOnlyList<ObjectPart> Parts);
