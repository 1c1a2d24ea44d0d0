using MediaAspire.Core.Rebalancing;

namespace MediaAspire.Api.Admin;

/// <param name="Id">Its id.</param>
/// <param name="Reason"><c>join</c>, <c>drain</c> or <c>command</c>.</param>
/// <param name="Server">The server that joined or drains; null when neither was the reason.</param>
/// <param name="State">
/// <c>planning</c>, <c>planned</c>, <c>running</c>, <c>paused</c>, <c>cancelled</c>, <c>completed</c> or <c>failed</c>.
/// </param>
/// <param name="CreatedAt">The time when it was planned.</param>
/// <param name="StartedAt">The time when it was started.</param>
/// <param name="EndedAt">The time of its end.</param>
/// <param name="Moves">Copies to move.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="MovesDone">Copies moved.</param>
/// <param name="BytesDone">Their bytes.</param>
/// <param name="MovesSkipped">Moves no longer needed, or cancelled.</param>
/// <param name="MovesFailed">Moves that the servers did not manage.</param>
/// <param name="EstimatedSeconds">The time that the rest takes at the throttle; null without a throttle and when it has ended.</param>
internal sealed record RebalanceResponse(
    Guid Id, string Reason, Guid? Server, string State, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    long Moves, long Bytes, long MovesDone, long BytesDone, long MovesSkipped, long MovesFailed, double? EstimatedSeconds)
{
    public static RebalanceResponse Of(Rebalance rebalance) => new(
        rebalance.Id, rebalance.Reason, rebalance.Server?.Value, rebalance.State,
        rebalance.CreatedAt, rebalance.StartedAt, rebalance.EndedAt,
        rebalance.Moves, rebalance.Bytes, rebalance.MovesDone, rebalance.BytesDone, rebalance.MovesSkipped, rebalance.MovesFailed,
        rebalance.Estimate?.TotalSeconds);
}

/// <param name="Server">The server.</param>
/// <param name="CopiesBefore">Its readable copies when it was planned.</param>
/// <param name="BytesBefore">Their bytes.</param>
/// <param name="CopiesAfter">Its copies after every move.</param>
/// <param name="BytesAfter">Their bytes.</param>
internal sealed record RebalanceShareResponse(Guid Server, long CopiesBefore, long BytesBefore, long CopiesAfter, long BytesAfter);

/// <param name="Rebalance">The rebalance.</param>
/// <param name="Servers">The copies of each server before it and after it.</param>
internal sealed record RebalanceDetailsResponse(RebalanceResponse Rebalance, IReadOnlyList<RebalanceShareResponse> Servers)
{
    public static RebalanceDetailsResponse Of(Rebalance rebalance, IReadOnlyList<RebalanceShare> shares) => new(
        RebalanceResponse.Of(rebalance),
        [.. shares.Select(share => new RebalanceShareResponse(
            share.Server.Value, share.CopiesBefore, share.BytesBefore, share.CopiesAfter, share.BytesAfter))]);
}

/// <param name="Current">The one that runs or is paused; null when none does.</param>
/// <param name="History">The latest ones, newest first, the current one and plans included.</param>
internal sealed record RebalanceListResponse(RebalanceResponse? Current, IReadOnlyList<RebalanceResponse> History);
