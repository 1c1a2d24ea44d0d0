namespace MediaAspire.Api.Admin;

/// <param name="Id">The node's id, which is stored on its disk.</param>
/// <param name="Name">The node's name for people.</param>
/// <param name="Address">The address of its gRPC service.</param>
/// <param name="Status"><c>online</c>, <c>offline</c>, <c>draining</c> or <c>removed</c>.</param>
/// <param name="AvailableBytes">Bytes that it can still take, by its last report.</param>
/// <param name="UsedBytes">Bytes of its chunk files, with those in its trash, by its last report.</param>
/// <param name="TrashBytes">Bytes of the chunk files in its trash, by its last report.</param>
/// <param name="Chunks">Chunks on its disk, by its last report.</param>
/// <param name="HeartbeatAgeSeconds">Seconds since that report, by the database's clock.</param>
/// <param name="KeySpaceShare">Its part of all keys, 0 to 1; 0 for a node without new chunks. All add up to 1.</param>
public sealed record NodeResponse(
    Guid Id,
    string Name,
    string Address,
    string Status,
    long AvailableBytes,
    long UsedBytes,
    long TrashBytes,
    long Chunks,
    double HeartbeatAgeSeconds,
    double KeySpaceShare);

/// <param name="Node">The node.</param>
/// <param name="Copies">Copies on it by state, according to the database. A drained node without copies can be removed.</param>
public sealed record NodeDetailResponse(NodeResponse Node, IReadOnlyDictionary<string, long> Copies);

/// <param name="Node">The node.</param>
/// <param name="CopiesGivenUp">Copies on it that were discarded.</param>
/// <param name="LastCopiesGivenUp">Those among them that were the only copy of a chunk: its file cannot be read any more.</param>
public sealed record NodeRemovalResponse(NodeResponse Node, long CopiesGivenUp, long LastCopiesGivenUp);
