using MediaAspire.Core.NodeAdministration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The storage nodes and what an operator does with them: <c>/admin/nodes</c>. A node is named by its id or its name.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this RouteGroupBuilder admin)
    {
        var nodes = admin.MapGroup("/nodes");

        nodes.MapGet("/", List).WithName("ListNodes").WithSummary("Show every storage node: state, space, chunks, heartbeat age, share of the key space");
        nodes.MapGet("/{node}", Get).WithName("GetNode").WithSummary("Show one node, with its copies by state")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        Map(nodes.MapPost("/{node}/drain", Drain), "DrainNode", "Take no new chunks to a node, and move its copies elsewhere");
        Map(nodes.MapPost("/{node}/undrain", Undrain), "UndrainNode", "Take a drain back");
        Map(nodes.MapPost("/{node}/readmit", Readmit), "ReadmitNode", "Let a removed node join again, without copies");
        Map(nodes.MapPost("/{node}/remove", Remove), "RemoveNode", "Take a node out of the cluster: one without copies, or with force a lost one")
            .WithDescription(
                "Without force a node is removed only when no copy stands on it. With force the copies of a node that is not heard of are given up; " +
                "repair makes them anew from others.");
    }

    private static RouteHandlerBuilder Map(RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Ok<List<NodeResponse>>> List(NodeDesk desk, CancellationToken cancellationToken) =>
        TypedResults.Ok(await desk.ListAsync(cancellationToken));

    private static Task<Results<Ok<NodeDetailResponse>, ProblemHttpResult>> Get(string node, NodeDesk desk, CancellationToken cancellationToken) =>
        desk.DescribeAsync(node, cancellationToken);

    private static Task<Results<Ok<NodeResponse>, ProblemHttpResult>> Drain(
        string node, NodeDesk desk, NodeAdministrator administration, CancellationToken cancellationToken) =>
        desk.ChangeAsync(node, administration.DrainAsync, cancellationToken);

    private static Task<Results<Ok<NodeResponse>, ProblemHttpResult>> Undrain(
        string node, NodeDesk desk, NodeAdministrator administration, CancellationToken cancellationToken) =>
        desk.ChangeAsync(node, administration.UndrainAsync, cancellationToken);

    private static Task<Results<Ok<NodeResponse>, ProblemHttpResult>> Readmit(
        string node, NodeDesk desk, NodeAdministrator administration, CancellationToken cancellationToken) =>
        desk.ChangeAsync(node, administration.ReadmitAsync, cancellationToken);

    private static Task<Results<Ok<NodeRemovalResponse>, ProblemHttpResult>> Remove(
        string node, bool? force, NodeDesk desk, CancellationToken cancellationToken) =>
        desk.RemoveAsync(node, force ?? false, cancellationToken);
}
