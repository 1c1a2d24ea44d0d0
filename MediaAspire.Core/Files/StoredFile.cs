using System.Collections.Immutable;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A completed file and the locations of its bytes.</summary>
/// <param name="Id">The file's id.</param>
/// <param name="Filename">The name shown to users.</param>
/// <param name="ContentType">The media type that the client declared.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">The SHA-256 of all bytes; <see langword="null"/> when it was not requested.</param>
/// <param name="CompletedAt">The time at which the file became visible, by the database's clock.</param>
/// <param name="Chunks">The chunks in the order of their numbers; empty for an empty file.</param>
public sealed record StoredFile(
    FileId Id,
    string Filename,
    string ContentType,
    long Size,
    Sha256Digest? Sha256,
    DateTimeOffset CompletedAt,
    ImmutableArray<StoredChunk> Chunks);

/// <summary>A chunk of a completed file.</summary>
/// <param name="Id">The chunk's id.</param>
/// <param name="Number">Position among the file's chunks, from 0.</param>
/// <param name="Offset">Position of the chunk's first byte in the file.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the chunk's bytes.</param>
/// <param name="Copies">Every recorded copy.</param>
public sealed record StoredChunk(
    ChunkId Id, int Number, long Offset, long Size, Sha256Digest Sha256, ImmutableArray<StoredCopy> Copies);

/// <summary>A copy of a chunk.</summary>
/// <param name="Server">The server that holds the copy.</param>
/// <param name="Status">The state of the copy; see docs/adr/0006-states-of-a-copy.md.</param>
public readonly record struct StoredCopy(ServerId Server, string Status)
{
    public bool IsReadable => Status == CopyStatus.Stored;
}
