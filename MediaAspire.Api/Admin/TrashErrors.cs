using MediaAspire.Api.Problems;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that the routes of the trash can return; <c>code</c> is stable for clients.</summary>
internal static class TrashErrors
{
    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} chunks, not {limit}.");

    public static ProblemHttpResult InvalidAge(long seconds) => Problem.Of(
        StatusCodes.Status400BadRequest, "age-invalid", $"olderThanSeconds must not be negative, but is {seconds}.");

    public static ProblemHttpResult InvalidPosition(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "after-invalid", $"{reason} Use the \"next\" of the previous response.");

    public static ProblemHttpResult NoSelection() => Problem.Of(
        StatusCodes.Status400BadRequest, "selection-invalid",
        "Set either \"chunks\", a list of chunk ids, or \"since\", the time from which on the chunks were taken.");

    public static ProblemHttpResult InvalidCount(int count, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "selection-invalid", $"\"chunks\" must have 1 to {max} ids, not {count}.");

    public static ProblemHttpResult RestoreOpen() => Problem.Of(
        StatusCodes.Status409Conflict, "restore-open",
        "The database was restored from a backup, so nothing is deleted. Look at GET /admin/cluster, and settle that first.");

    public static ProblemHttpResult NothingUnknown(ClusterServer node) => Problem.Of(
        StatusCodes.Status409Conflict, "nothing-unknown",
        $"No unknown chunk of node {node.Name} is on record. POST /admin/integrity/check starts a comparison of its disk.");

    public static ProblemHttpResult NodeFailed(ClusterServer node, ChunkNodeException failure) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "node-unavailable", $"Node {node.Name} did not do it: {failure.Message}");
}
