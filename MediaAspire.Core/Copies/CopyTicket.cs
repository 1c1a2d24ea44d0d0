using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Copies;

/// <summary>The right to make one copy: the row that says <c>copying</c>, as this worker wrote it.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Target">The server that gets the copy.</param>
/// <param name="Since">The time when the row was written, which tells this attempt from any other.</param>
/// <param name="Size">The chunk's bytes.</param>
/// <param name="Sha256">The chunk's SHA-256, as the catalog has it.</param>
/// <param name="Sources">The servers with a readable copy, at least one.</param>
public sealed record CopyTicket(
    ChunkId Chunk, ServerId Target, DateTimeOffset Since, long Size, Sha256Digest Sha256, IReadOnlyList<ServerId> Sources);
