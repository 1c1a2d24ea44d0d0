using MediaAspire.Core.Ids;
using MediaAspire.Core.NodeAdministration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The storage nodes and their administration: <c>/admin/nodes</c>. A node is named by its id or its name.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this RouteGroupBuilder admin)
    {
        var nodes = admin.MapGroup("/nodes");

        nodes.MapGet("/", List).WithName("ListNodes").WithSummary(
            "Show every storage node: state, space, chunks, heartbeat age, share of the key space");
        nodes.MapGet("/{node}", Get).WithName("GetNode").WithSummary("Show one node, with its copies by state")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        Map(nodes.MapPost("/{node}/drain", Drain), "DrainNode", "Stop placing chunks on a node, and move its copies elsewhere");
        Map(nodes.MapPost("/{node}/undrain", Undrain), "UndrainNode", "Cancel a drain");
        Map(nodes.MapPost("/{node}/readmit", Readmit), "ReadmitNode", "Readmit a removed node, without its copies");
        Map(nodes.MapPost("/{node}/remove", Remove), "RemoveNode",
                "Remove a node from the cluster: one without copies, or with force a lost one")
            .WithDescription(
                "Without force a node is removed only if it holds no copy. " +
                "With force the copies on a node that no longer reports are discarded; " +
                "repair recreates them from others.");
    }

    private static RouteHandlerBuilder Map(RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Ok<List<NodeResponse>>> List(NodeQueries nodes, CancellationToken cancellationToken) =>
        TypedResults.Ok(await nodes.ListAsync(cancellationToken));

    private static Task<Results<Ok<NodeDetailResponse>, ProblemHttpResult>> Get(
        string node, NodeQueries nodes, CancellationToken cancellationToken) =>
        nodes.DescribeAsync(node, cancellationToken);

    private static Task<Results<Ok<NodeResponse>, ProblemHttpResult>> Drain(
        string node, NodeQueries nodes, NodeAdministrator administration, CancellationToken cancellationToken) =>
        ChangeAsync(node, nodes, administration.DrainAsync, cancellationToken);

    private static Task<Results<Ok<NodeResponse>, ProblemHttpResult>> Undrain(
        string node, NodeQueries nodes, NodeAdministrator administration, CancellationToken cancellationToken) =>
        ChangeAsync(node, nodes, administration.UndrainAsync, cancellationToken);

    private static Task<Results<Ok<NodeResponse>, ProblemHttpResult>> Readmit(
        string node, NodeQueries nodes, NodeAdministrator administration, CancellationToken cancellationToken) =>
        ChangeAsync(node, nodes, administration.ReadmitAsync, cancellationToken);

    private static async Task<Results<Ok<NodeRemovalResponse>, ProblemHttpResult>> Remove(
        string node, bool? force, NodeQueries nodes, NodeAdministrator administration, CancellationToken cancellationToken)
    {
        var (found, problem) = await nodes.FindAsync(node, cancellationToken);
        if (found is null)
        {
            return problem!;
        }

        var outcome = await administration.RemoveAsync(found.Id, force ?? false, cancellationToken);
        return outcome.Outcome == NodeChangeOutcome.Done
            ? TypedResults.Ok(
                new NodeRemovalResponse(await nodes.DescribeAsync(found.Id, cancellationToken), outcome.Copies, outcome.LastCopies))
            : NodeErrors.Refused(found, outcome);
    }

    private static async Task<Results<Ok<NodeResponse>, ProblemHttpResult>> ChangeAsync(
        string node, NodeQueries nodes, Func<ServerId, CancellationToken, Task<NodeChange>> change, CancellationToken cancellationToken)
    {
        var (found, problem) = await nodes.FindAsync(node, cancellationToken);
        if (found is null)
        {
            return problem!;
        }

        var outcome = await change(found.Id, cancellationToken);
        return outcome.Outcome == NodeChangeOutcome.Done
            ? TypedResults.Ok(await nodes.DescribeAsync(found.Id, cancellationToken))
            : NodeErrors.Refused(found, outcome);
    }
}
