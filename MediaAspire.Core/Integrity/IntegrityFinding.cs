using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Integrity;

/// <summary>One finding.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="File">The file that the chunk is a part of; null when no row knows the chunk.</param>
/// <param name="Server">The server of the copy; null when the finding is about all copies of the chunk.</param>
/// <param name="ServerName">That server's name.</param>
/// <param name="Live">The chunk's live copies; null when they were not counted.</param>
/// <param name="Wanted">The number of copies that its file asks for; null when they were not counted.</param>
/// <param name="Bytes">Bytes of the chunk, or of the file on the server's disk.</param>
/// <param name="Since">When it was found, by the database's clock.</param>
public sealed record IntegrityFinding(
    ChunkId Chunk, FileId? File, ServerId? Server, string? ServerName, int? Live, int? Wanted, long? Bytes, DateTimeOffset Since);

/// <summary>The end of a page of findings: the next one starts after it.</summary>
/// <param name="Chunk">The last finding's chunk.</param>
/// <param name="Server">Its server, if the finding has one.</param>
public readonly record struct IntegrityPosition(ChunkId Chunk, ServerId? Server)
{
    public static IntegrityPosition Start => default;
}

/// <summary>The number of findings by kind.</summary>
public sealed record IntegrityCounts(long Lost, long UnderReplicated, long Missing, long Corrupt, long Untracked, long Damaged)
{
    /// <summary>Gets a value indicating whether the number of findings is 0.</summary>
    public bool AreZero => Lost + UnderReplicated + Missing + Corrupt + Untracked + Damaged == 0;
}

/// <summary>The progress of the walk over all chunks. Times are the database's.</summary>
/// <param name="StartedAt">Start of the walk that is under way; null between walks.</param>
/// <param name="Seen">Chunks that it has counted so far.</param>
/// <param name="CompletedStartedAt">Start of the last walk that reached the end; null before the first.</param>
/// <param name="CompletedAt">Its end.</param>
/// <param name="CompletedSeen">Chunks that it counted.</param>
/// <param name="CompletedAge">Time since its end.</param>
/// <param name="IsUpToDate">A value indicating whether the same servers count as alive as when it started.</param>
public sealed record IntegrityWalkState(
    DateTimeOffset? StartedAt, long Seen, DateTimeOffset? CompletedStartedAt, DateTimeOffset? CompletedAt, long CompletedSeen,
    TimeSpan? CompletedAge, bool IsUpToDate);

/// <summary>The last comparison of a server's disk with the rows. Times are the database's.</summary>
/// <param name="Server">The server.</param>
/// <param name="ServerName">Its name.</param>
/// <param name="StartedAt">Start of the last comparison that reached the end; null before the first.</param>
/// <param name="EndedAt">Its end.</param>
/// <param name="Chunks">Chunk files that the server listed.</param>
public sealed record DiskComparison(ServerId Server, string ServerName, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, long Chunks);
