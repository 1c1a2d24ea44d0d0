using MediaAspire.Api.Problems;
using MediaAspire.Core.Cluster;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that the routes of the cluster can return; <c>code</c> is stable for clients.</summary>
internal static class ClusterErrors
{
    public static ProblemHttpResult NoRestore(ClusterHistory history, long? epoch) => history.OpenRestores.Count == 0
        ? Problem.Of(
            StatusCodes.Status409Conflict, "no-restore-open",
            $"No node has reported that the database was restored; the cluster is in epoch {history.Epoch}. "
            + "If you have just restored it, start the nodes and wait for a heartbeat.")
        : Problem.Of(
            StatusCodes.Status409Conflict, "epoch-changed",
            $"The cluster is in epoch {history.Epoch}, not {epoch}. Look at GET /admin/cluster again.");
}
