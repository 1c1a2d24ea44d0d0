using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Rebalancing;

/// <summary>The reasons of a rebalance, as <c>rebalances.reason</c> spells it.</summary>
public static class RebalanceReason
{
    public const string Join = "join";
    public const string Drain = "drain";
    public const string Command = "command";
}

/// <summary>The states of a rebalance, as <c>rebalances.state</c> spells it.</summary>
public static class RebalanceState
{
    public const string Planning = "planning";
    public const string Planned = "planned";
    public const string Running = "running";
    public const string Paused = "paused";
    public const string Cancelled = "cancelled";
    public const string Completed = "completed";
    public const string Failed = "failed";
}

/// <param name="Id">Its id.</param>
/// <param name="Reason">A name of <see cref="RebalanceReason"/>.</param>
/// <param name="Server">The server that joined or drains; null when neither was the reason.</param>
/// <param name="State">A name of <see cref="RebalanceState"/>.</param>
/// <param name="CreatedAt">The time of its planning, by the database's clock.</param>
/// <param name="StartedAt">The time at which its first move could start.</param>
/// <param name="EndedAt">The time at which it was completed, cancelled or failed.</param>
/// <param name="Moves">Copies to move.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="MovesDone">Copies moved.</param>
/// <param name="BytesDone">Their bytes.</param>
/// <param name="MovesSkipped">Moves that were no longer needed, or cancelled.</param>
/// <param name="MovesFailed">Moves that the servers did not manage; the copies are where they were.</param>
/// <param name="Rate">Bytes a second that it was planned for; null for no limit.</param>
public sealed record Rebalance(
    Guid Id, string Reason, ServerId? Server, string State, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    long Moves, long Bytes, long MovesDone, long BytesDone, long MovesSkipped, long MovesFailed, long? Rate)
{
    /// <summary>The time that the remaining bytes take at the rate; null without a rate, and when nothing is left to move.</summary>
    public TimeSpan? Estimate =>
        Rate is { } rate && EndedAt is null ? TimeSpan.FromSeconds((double)Math.Max(0, Bytes - BytesDone) / rate) : null;
}

/// <summary>The copies of a server before a rebalance and after all its moves.</summary>
/// <param name="Server">The server.</param>
/// <param name="CopiesBefore">Readable copies.</param>
/// <param name="BytesBefore">Their bytes.</param>
/// <param name="CopiesAfter">Readable copies afterwards.</param>
/// <param name="BytesAfter">Their bytes.</param>
public sealed record RebalanceShare(ServerId Server, long CopiesBefore, long BytesBefore, long CopiesAfter, long BytesAfter);

/// <param name="Chunk">The chunk.</param>
/// <param name="From">The server whose copy is removed.</param>
/// <param name="To">The server that gets one.</param>
/// <param name="Bytes">The chunk's bytes.</param>
public sealed record RebalanceMove(ChunkId Chunk, ServerId From, ServerId To, long Bytes);
