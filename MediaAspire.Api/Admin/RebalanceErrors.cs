using MediaAspire.Api.Problems;
using MediaAspire.Core.Rebalancing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that the routes of <c>/admin/rebalance</c> can return; <c>code</c> is stable for clients.</summary>
internal static class RebalanceErrors
{
    public static ProblemHttpResult InvalidId(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "rebalance-id-invalid", $"\"{Problem.Shorten(id)}\" is not the id of a rebalance. Ids are UUIDs.");

    public static ProblemHttpResult InvalidServer(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "server-id-invalid", $"\"{Problem.Shorten(id)}\" is not the id of a storage server. Ids are UUIDs.");

    public static ProblemHttpResult NoServer(string id) => Problem.Of(
        StatusCodes.Status404NotFound, "server-not-found", $"Storage server '{id}' does not exist. GET /admin/nodes lists the servers.");

    public static ProblemHttpResult NotFound(Guid id) => Problem.Of(
        StatusCodes.Status404NotFound, "rebalance-not-found", $"Rebalance '{id}' does not exist. GET /admin/rebalance lists the latest.");

    public static ProblemHttpResult WrongState(Guid id, string wanted) => Problem.Of(
        StatusCodes.Status409Conflict, "rebalance-wrong-state",
        $"Rebalance {id} cannot be {wanted} in its current state. GET /admin/rebalance/{id} shows the state.");

    public static ProblemHttpResult OtherActive() => Problem.Of(
        StatusCodes.Status409Conflict, "rebalance-active", "Another rebalance is running or paused. Wait until it ends, or cancel it.");

    public static ProblemHttpResult NotDraining(string server) => Problem.Of(
        StatusCodes.Status409Conflict, "server-not-draining",
        $"Storage server {server} is not draining, so copies that move off it would return. Drain it first.");

    public static ProblemHttpResult Refused(RebalanceChange change, Guid id, string wanted) => change switch
    {
        RebalanceChange.NotFound => NotFound(id),
        RebalanceChange.OtherActive => OtherActive(),
        _ => WrongState(id, wanted),
    };
}
