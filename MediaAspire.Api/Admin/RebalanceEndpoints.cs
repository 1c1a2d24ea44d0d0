using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Rebalancing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The rebalances: <c>/admin/rebalance</c>.</summary>
internal static class RebalanceEndpoints
{
    private const int HistoryLength = 50;

    public static void MapRebalance(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/rebalance");

        group.MapGet("/", List).WithName("ListRebalances").WithSummary("Show the running rebalance, and the latest ones");
        group.MapGet("/{id}", Get).WithName("GetRebalance").WithSummary(
            "Show one rebalance, and the copies of each server before and after it")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/plan", Plan).WithName("PlanRebalance")
            .WithSummary("Plan a rebalance without moving anything; ?drain= plans to empty that server instead")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        DescribeChange(group.MapPost("/{id}/start", Start), "StartRebalance", "Start a plan");
        DescribeChange(group.MapPost("/{id}/pause", Pause), "PauseRebalance", "Pause a rebalance until it is resumed");
        DescribeChange(group.MapPost("/{id}/resume", Resume), "ResumeRebalance", "Resume a paused rebalance");
        DescribeChange(
            group.MapPost("/{id}/cancel", Cancel), "CancelRebalance", "End a rebalance early; moved copies stay where they are");
    }

    private static void DescribeChange(RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Ok<RebalanceListResponse>> List(RebalanceStore store, CancellationToken cancellationToken)
    {
        var current = await store.FindActiveAsync(cancellationToken);
        var history = await store.ListAsync(HistoryLength, cancellationToken);
        return TypedResults.Ok(new RebalanceListResponse(
            current is null ? null : RebalanceResponse.Of(current), [.. history.Select(RebalanceResponse.Of)]));
    }

    private static async Task<Results<Ok<RebalanceDetailsResponse>, ProblemHttpResult>> Get(
        string id, RebalanceStore store, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var rebalance))
        {
            return RebalanceErrors.InvalidId(id);
        }

        return await store.FindAsync(rebalance, cancellationToken) is { } found
            ? TypedResults.Ok(RebalanceDetailsResponse.Of(found, await store.ReadSharesAsync(rebalance, cancellationToken)))
            : RebalanceErrors.NotFound(rebalance);
    }

    private static async Task<Results<Created<RebalanceDetailsResponse>, ProblemHttpResult>> Plan(
        string? drain, RebalancePlanner planner, RebalanceStore store, ClusterView cluster, CancellationToken cancellationToken)
    {
        ServerId? drained = null;
        if (drain is not null)
        {
            if (!ServerId.TryParse(drain, out var server))
            {
                return RebalanceErrors.InvalidServer(drain);
            }

            if (!(await cluster.RefreshAsync(cancellationToken)).TryGetServer(server, out _))
            {
                return RebalanceErrors.NoServer(drain);
            }

            drained = server;
        }

        var reason = drained is null ? RebalanceReason.Command : RebalanceReason.Drain;
        var plan = await planner.PlanAsync(reason, drained, cancellationToken);
        return TypedResults.Created(
            $"/admin/rebalance/{plan.Id}", RebalanceDetailsResponse.Of(plan, await store.ReadSharesAsync(plan.Id, cancellationToken)));
    }

    private static async Task<Results<Ok<RebalanceResponse>, ProblemHttpResult>> Start(
        string id, RebalanceStore store, ClusterView cluster, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(id, "D", out var rebalance)
            && await store.FindAsync(rebalance, cancellationToken) is { Reason: RebalanceReason.Drain, Server: { } server }
            && !((await cluster.RefreshAsync(cancellationToken)).TryGetServer(server, out var drained)
                && drained.Status == ServerStatus.Draining))
        {
            return RebalanceErrors.NotDraining($"{server}");
        }

        return await ChangeAsync(id, "started", store, store.StartAsync, cancellationToken);
    }

    private static Task<Results<Ok<RebalanceResponse>, ProblemHttpResult>> Pause(
        string id, RebalanceStore store, CancellationToken cancellationToken) =>
        ChangeAsync(id, "paused", store, store.PauseAsync, cancellationToken);

    private static Task<Results<Ok<RebalanceResponse>, ProblemHttpResult>> Resume(
        string id, RebalanceStore store, CancellationToken cancellationToken) =>
        ChangeAsync(id, "resumed", store, store.ResumeAsync, cancellationToken);

    private static Task<Results<Ok<RebalanceResponse>, ProblemHttpResult>> Cancel(
        string id, RebalanceStore store, CancellationToken cancellationToken) =>
        ChangeAsync(id, "cancelled", store, store.CancelAsync, cancellationToken);

    private static async Task<Results<Ok<RebalanceResponse>, ProblemHttpResult>> ChangeAsync(
        string id, string wanted, RebalanceStore store,
        Func<Guid, CancellationToken, Task<RebalanceChange>> change, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var rebalance))
        {
            return RebalanceErrors.InvalidId(id);
        }

        var outcome = await change(rebalance, cancellationToken);
        return outcome == RebalanceChange.Done && await store.FindAsync(rebalance, cancellationToken) is { } changed
            ? TypedResults.Ok(RebalanceResponse.Of(changed))
            : RebalanceErrors.Refused(outcome, rebalance, wanted);
    }
}
