using MediaAspire.Api.Problems;
using MediaAspire.Core.Rebalancing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that the routes of <c>/admin/rebalance</c> can answer with; <c>code</c> is stable for clients.</summary>
internal static class RebalanceErrors
{
    public static ProblemHttpResult InvalidId(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "rebalance-id-invalid", $"\"{Shorten(id)}\" is not the id of a rebalance; ids are UUIDs.");

    public static ProblemHttpResult InvalidServer(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "server-id-invalid", $"\"{Shorten(id)}\" is not the id of a storage server; ids are UUIDs.");

    public static ProblemHttpResult NoServer(string id) => Problem.Of(
        StatusCodes.Status404NotFound, "server-not-found", $"There is no storage server {id}.");

    public static ProblemHttpResult NotFound(Guid id) => Problem.Of(
        StatusCodes.Status404NotFound, "rebalance-not-found", $"There is no rebalance {id}.");

    public static ProblemHttpResult WrongState(Guid id, string wanted) => Problem.Of(
        StatusCodes.Status409Conflict, "rebalance-wrong-state", $"Rebalance {id} cannot be {wanted} in the state that it is in; GET /admin/rebalance/{id} shows it.");

    public static ProblemHttpResult OtherActive() => Problem.Of(
        StatusCodes.Status409Conflict, "rebalance-active", "Another rebalance is running or paused. Wait for its end, or cancel it.");

    public static ProblemHttpResult NotDraining(string server) => Problem.Of(
        StatusCodes.Status409Conflict, "server-not-draining", $"Storage server {server} does not drain: what moves off it would come back. Drain it first.");

    public static ProblemHttpResult Refused(RebalanceChange change, Guid id, string wanted) => change switch
    {
        RebalanceChange.NotFound => NotFound(id),
        RebalanceChange.OtherActive => OtherActive(),
        _ => WrongState(id, wanted),
    };

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
