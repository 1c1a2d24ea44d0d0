using System.ComponentModel;
using MediaAspire.Core.Cluster;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The cluster's database: its identity, and whether it was restored from a backup: <c>/admin/cluster</c>.</summary>
internal static class ClusterEndpoints
{
    public static void MapCluster(this RouteGroupBuilder admin)
    {
        admin.MapGet("/cluster", Get).WithName("GetCluster")
            .WithSummary("Show the cluster's id and epoch, and the nodes that have seen a later state of the database")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        admin.MapPost("/cluster/accept-restore", Accept).WithName("AcceptRestore")
            .WithSummary("Accept that the database was restored from a backup; the sweeps continue with it")
            .WithDescription(
                "The epoch rises, and the nodes adopt it with their next heartbeat. Chunks that the restored database does not know go to "
                + "the nodes' trash after the usual graces, and can be restored from there.")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Ok<ClusterResponse>> Get(DatabaseRestores restores, CancellationToken cancellationToken) =>
        TypedResults.Ok(ClusterResponse.Of(await restores.ReadAsync(cancellationToken)));

    private static async Task<Results<Ok<ClusterResponse>, ProblemHttpResult>> Accept(
        DatabaseRestores restores,
        CancellationToken cancellationToken,
        [FromQuery, Description("The epoch that GET /admin/cluster has shown; another one is refused.")] long? epoch = null)
    {
        if (await restores.AcceptAsync(epoch, cancellationToken) is null)
        {
            return ClusterErrors.NoRestore(await restores.ReadAsync(cancellationToken), epoch);
        }

        return TypedResults.Ok(ClusterResponse.Of(await restores.ReadAsync(cancellationToken)));
    }
}
