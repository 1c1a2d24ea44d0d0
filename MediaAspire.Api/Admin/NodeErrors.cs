using MediaAspire.Api.Problems;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.NodeAdministration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that the node routes can return; <c>code</c> is stable for clients.</summary>
internal static class NodeErrors
{
    public static ProblemHttpResult InvalidName() => Problem.Of(
        StatusCodes.Status400BadRequest, "node-id-invalid",
        "Name a node by its id, or by its name of at most 255 characters without control characters.");

    public static ProblemHttpResult NotFound(string node) => Problem.Of(
        StatusCodes.Status404NotFound, "node-not-found", $"Node \"{Problem.Shorten(node)}\" does not exist. GET /admin/nodes lists the nodes.");

    public static ProblemHttpResult AmbiguousName(string node, IEnumerable<ClusterServer> nodes) => Problem.Of(
        StatusCodes.Status409Conflict, "node-name-ambiguous",
        $"Several nodes are named \"{Problem.Shorten(node)}\": {string.Join(", ", nodes.Select(server => server.Id))}. Use the id of one.");

    public static ProblemHttpResult Refused(ClusterServer node, NodeChange change) => change.Outcome switch
    {
        NodeChangeOutcome.NotFound => NotFound(node.Name),
        NodeChangeOutcome.IsRemoved => Problem.Of(
            StatusCodes.Status409Conflict, "node-removed",
            $"Node {node.Name} was removed. POST /admin/nodes/{node.Id}/readmit lets it join again."),
        NodeChangeOutcome.IsOnline => Problem.Of(
            StatusCodes.Status409Conflict, "node-online",
            $"Node {node.Name} is online. Drain it first, and remove it once it holds no copies."),
        NodeChangeOutcome.HasCopies => Problem.Of(
            StatusCodes.Status409Conflict, "node-has-copies",
            $"Node {node.Name} holds {change.Copies} copies, {change.LastCopies} of them the last of their chunk. " + (change.IsReporting
                ? "It still reports, so drain it and wait until it holds no copy."
                : "If the node is permanently lost, remove it with force=true, which discards the copies. "
                    + "Otherwise start it and drain it.")),
        _ => throw new System.Diagnostics.UnreachableException($"Unhandled outcome {change.Outcome}."),
    };
}
