using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NodeAdministration;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The chunks that sweeps took from a node: <c>/admin/nodes/{node}/trash</c>; and the permit to take unknown ones.</summary>
internal static class TrashEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapTrash(this RouteGroupBuilder admin)
    {
        var node = admin.MapGroup("/nodes/{node}");

        Map(node.MapGet("/trash", List), "ListTrash", "List the trash of a node, the oldest chunk first");
        Map(node.MapPost("/trash/restore", Restore), "RestoreTrash", "Move chunks from a node's trash back among its chunks")
            .WithDescription(
                "Name the chunks, or a time since which they were taken. One call reads at most 10,000 files of the trash; repeat it with "
                + "\"after\" set to \"next\" until that is null. The comparison of the disks, which starts at once, makes copies of them "
                + "that the rows miss.");
        Map(node.MapPost("/trash/empty", Empty), "EmptyTrash", "Delete the chunks in a node's trash for good");
        Map(node.MapPost("/collect-unknown", Collect), "CollectUnknown",
                "Permit one pass to collect the unknown chunks of a node, though their share is above Sweeping:MaxOrphanShare")
            .WithDescription("The permit holds for the chunks that GET /admin/integrity/untracked lists now, for one day.");
    }

    private static RouteHandlerBuilder Map(RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Task<Results<Ok<TrashResponse>, ProblemHttpResult>> List(
        string node,
        NodeQueries nodes,
        NodeTrash trash,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only chunks after this one; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Chunks on a page, 1 to 1000.")] int limit = DefaultLimit) =>
        WithAsync<TrashResponse>(node, nodes, async found =>
        {
            if (limit is < 1 or > MaxLimit)
            {
                return TrashErrors.InvalidLimit(limit, MaxLimit);
            }

            var page = await trash.ListAsync(found, after, limit, cancellationToken);
            return TypedResults.Ok(new TrashResponse(
                found.TrashBytes, [.. page.Select(TrashedChunkResponse.Of)], page.Count < limit ? null : page[^1].Name));
        }, cancellationToken);

    private static Task<Results<Ok<TrashRestoredResponse>, ProblemHttpResult>> Restore(
        string node, RestoreTrashRequest request, NodeQueries nodes, NodeTrash trash, CancellationToken cancellationToken) =>
        WithAsync<TrashRestoredResponse>(node, nodes, async found =>
        {
            if ((request.Chunks is null) == (request.Since is null))
            {
                return TrashErrors.NoSelection();
            }

            if (request.Chunks is { Count: 0 or > NodeTrash.MostAtOnce } chunks)
            {
                return TrashErrors.InvalidCount(chunks.Count, NodeTrash.MostAtOnce);
            }

            var selection = new TrashSelection(request.Chunks?.Select(id => new ChunkId(id)).ToHashSet(), request.Since);
            var outcome = await trash.RestoreAsync(found, selection, request.After, cancellationToken);
            return TypedResults.Ok(TrashRestoredResponse.Of(outcome));
        }, cancellationToken);

    private static Task<Results<Ok<TrashEmptiedResponse>, ProblemHttpResult>> Empty(
        string node,
        NodeQueries nodes,
        NodeTrash trash,
        DatabaseRestores restores,
        CancellationToken cancellationToken,
        [FromQuery, Description("The least time in seconds that a chunk has been in the trash; without it, all are deleted.")]
        long olderThanSeconds = 0) =>
        WithAsync<TrashEmptiedResponse>(node, nodes, async found =>
        {
            if (olderThanSeconds < 0)
            {
                return TrashErrors.InvalidAge(olderThanSeconds);
            }

            if (await restores.IsOpenAsync(cancellationToken))
            {
                return TrashErrors.RestoreOpen();
            }

            var age = TimeSpan.FromSeconds(Math.Min(olderThanSeconds, (long)TimeSpan.FromDays(36_500).TotalSeconds));
            var (chunks, bytes) = await trash.EmptyAsync(found, age, cancellationToken);
            return TypedResults.Ok(new TrashEmptiedResponse(chunks, bytes));
        }, cancellationToken);

    private static async Task<Results<Accepted<CollectionPermitResponse>, ProblemHttpResult>> Collect(
        string node, NodeQueries nodes, CollectionPermits permits, DatabaseRestores restores, CancellationToken cancellationToken)
    {
        var (found, problem) = await nodes.FindAsync(node, cancellationToken);
        return found is null ? problem!
            : await restores.IsOpenAsync(cancellationToken) ? TrashErrors.RestoreOpen()
            : await permits.GrantAsync(found.Id, cancellationToken) is not { } chunks ? TrashErrors.NothingUnknown(found)
            : TypedResults.Accepted("/admin/integrity/untracked", new CollectionPermitResponse(chunks));
    }

    /// <summary>Finds the node, and turns its failures into problems.</summary>
    private static async Task<Results<Ok<T>, ProblemHttpResult>> WithAsync<T>(
        string node,
        NodeQueries nodes,
        Func<ClusterServer, Task<Results<Ok<T>, ProblemHttpResult>>> act,
        CancellationToken cancellationToken)
    {
        var (found, problem) = await nodes.FindAsync(node, cancellationToken);
        if (found is null)
        {
            return problem!;
        }

        try
        {
            return await act(found);
        }
        catch (ChunkNodeException failure) when (failure.Error == ChunkNodeError.Invalid)
        {
            return TrashErrors.InvalidPosition(failure.Message);
        }
        catch (ChunkNodeException failure)
        {
            return TrashErrors.NodeFailed(found, failure);
        }
    }
}
