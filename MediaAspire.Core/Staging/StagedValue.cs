using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Staging;

/// <summary>Bytes that are in short-term storage, whole and durable.</summary>
/// <param name="Id">The value's id.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of all bytes.</param>
public sealed record StagedValue(StagingId Id, long Size, Sha256Digest Sha256);
