namespace MediaAspire.Api.Admin;

/// <summary>The findings about the stored chunks.</summary>
/// <param name="Clean">A value indicating whether a complete walk, with the servers that are alive now, found nothing.</param>
/// <param name="Counts">Findings by kind.</param>
/// <param name="Walk">The progress of the walk over all chunks.</param>
/// <param name="Disks">The last comparison of each server's disk with the rows.</param>
/// <param name="Findings">The first findings of each kind that has any.</param>
internal sealed record IntegrityResponse(
    bool Clean,
    IntegrityCountsResponse Counts,
    IntegrityWalkResponse Walk,
    IReadOnlyList<DiskComparisonResponse> Disks,
    IReadOnlyDictionary<string, IReadOnlyList<IntegrityFindingResponse>> Findings);

/// <param name="Lost">Chunks of complete files without a live copy.</param>
/// <param name="UnderReplicated">Chunks of complete files with live copies, but fewer than wanted.</param>
/// <param name="Missing">Copies that are missing on their server.</param>
/// <param name="Corrupt">Copies found damaged.</param>
/// <param name="Untracked">Chunks on a disk that no row knows.</param>
/// <param name="Damaged">Files among a server's chunks without a whole footer.</param>
internal sealed record IntegrityCountsResponse(long Lost, long UnderReplicated, long Missing, long Corrupt, long Untracked, long Damaged);

/// <param name="Running">A value indicating whether a walk is under way.</param>
/// <param name="StartedAt">Its start.</param>
/// <param name="Seen">Chunks that it has counted so far.</param>
/// <param name="LastStartedAt">Start of the last walk that reached the end; null before the first.</param>
/// <param name="LastEndedAt">Its end.</param>
/// <param name="LastSeen">Chunks that it counted.</param>
/// <param name="LastAgeSeconds">Seconds since its end.</param>
/// <param name="UpToDate">A value indicating whether the same servers are alive as when it started.</param>
internal sealed record IntegrityWalkResponse(
    bool Running, DateTimeOffset? StartedAt, long Seen, DateTimeOffset? LastStartedAt, DateTimeOffset? LastEndedAt, long LastSeen,
    double? LastAgeSeconds, bool UpToDate);

/// <param name="ServerId">The server.</param>
/// <param name="Server">Its name.</param>
/// <param name="LastStartedAt">Start of the last comparison that reached the end; null before the first.</param>
/// <param name="LastEndedAt">Its end.</param>
/// <param name="Chunks">Chunk files that the server listed.</param>
internal sealed record DiskComparisonResponse(
    Guid ServerId, string Server, DateTimeOffset? LastStartedAt, DateTimeOffset? LastEndedAt, long Chunks);

/// <param name="ChunkId">The chunk.</param>
/// <param name="FileId">The file that it is a part of; null when no row knows the chunk.</param>
/// <param name="ServerId">The server of the copy; null when the finding is about all copies.</param>
/// <param name="Server">That server's name.</param>
/// <param name="Live">The chunk's live copies, where they were counted.</param>
/// <param name="Wanted">The number of copies that its file asks for.</param>
/// <param name="Bytes">Bytes of the chunk, or of the file on the disk.</param>
/// <param name="Since">The time when it was found.</param>
internal sealed record IntegrityFindingResponse(
    Guid ChunkId, Guid? FileId, Guid? ServerId, string? Server, int? Live, int? Wanted, long? Bytes, DateTimeOffset Since);

/// <param name="Items">Findings by chunk and server.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last one.</param>
internal sealed record IntegrityPageResponse(IReadOnlyList<IntegrityFindingResponse> Items, string? Next);

/// <param name="RequestedAt">The current time: a walk and comparisons that start later include this request.</param>
internal sealed record IntegrityCheckResponse(DateTimeOffset RequestedAt);
