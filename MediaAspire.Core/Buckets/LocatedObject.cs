using MediaAspire.Core.Files;

namespace MediaAspire.Core.Buckets;

/// <summary>A version, and where its bytes are as far as that is known already.</summary>
/// <param name="Version">The version.</param>
/// <param name="File">The file with its bytes; <see langword="null"/> for a delete marker, where the bytes are those of parts, and when the key
/// changed while it was looked up: then the file is found by its id.</param>
public sealed record LocatedObject(ObjectVersion Version, StoredFile? File);
