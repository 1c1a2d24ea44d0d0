using System.Collections.Immutable;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A completed file and where its bytes are.</summary>
/// <param name="Id">The file's id.</param>
/// <param name="Filename">The name shown to users.</param>
/// <param name="ContentType">The media type that the client declared.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of all bytes; <see langword="null"/> where nobody needed it, now or when the file came in.</param>
/// <param name="CompletedAt">When the file became visible, by the database's clock.</param>
/// <param name="Chunks">The chunks in the order of their numbers; empty for an empty file.</param>
public sealed record StoredFile(
    FileId Id,
    string Filename,
    string ContentType,
    long Size,
    Sha256Digest? Sha256,
    DateTimeOffset CompletedAt,
    ImmutableArray<StoredChunk> Chunks);

/// <param name="Id">The chunk's id.</param>
/// <param name="Number">Position among the file's chunks, from 0.</param>
/// <param name="Offset">Position of the chunk's first byte in the file.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the chunk's bytes.</param>
/// <param name="Copies">Every copy that PostgreSQL knows of.</param>
public sealed record StoredChunk(
    ChunkId Id, int Number, long Offset, long Size, Sha256Digest Sha256, ImmutableArray<StoredCopy> Copies);

/// <param name="Server">The server that holds the copy.</param>
/// <param name="Status"><c>stored</c>, or what is wrong with it.</param>
public readonly record struct StoredCopy(ServerId Server, string Status)
{
    public bool IsReadable => Status == CopyStatus.Stored;
}
