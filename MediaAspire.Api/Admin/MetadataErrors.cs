using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem of <c>/admin/metadata</c>; <c>code</c> is stable for clients.</summary>
internal static class MetadataErrors
{
    public static ProblemHttpResult InvalidRun(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "metadata-run-invalid", $"'{Problem.Shorten(id)}' is not the id of a run. Expected a UUID.");

    public static ProblemHttpResult NoRun(Guid id) => Problem.Of(
        StatusCodes.Status404NotFound, "metadata-run-not-found", $"Run {id} does not exist. The latest 100 are kept.");

    public static ProblemHttpResult NotCompared() => Problem.Of(
        StatusCodes.Status404NotFound, "metadata-not-compared",
        "The stores have not been compared yet. POST to this address compares them.");

    public static ProblemHttpResult NoRedis() => Problem.Of(
        StatusCodes.Status409Conflict, "metadata-without-redis",
        "The catalog is in PostgreSQL alone. Set Metadata:Stores to redis+postgres in every process to read it from Redis.");

    public static ProblemHttpResult Open(string kind, Guid run) => Problem.Of(
        StatusCodes.Status409Conflict, "metadata-run-open", $"Run {run} of the kind '{kind}' waits or runs. Wait until it ends.");

    public static ProblemHttpResult InvalidRebuild() => Problem.Of(
        StatusCodes.Status400BadRequest, "metadata-rebuild-invalid",
        "Expected {\"to\": \"redis\"}, {\"to\": \"postgres\"} with an optional \"generation\" for a dry run, or {\"to\": \"postgres\", "
        + "\"confirm\": \"<id of the dry run>\"}.");

    public static ProblemHttpResult NotConfirmed(Guid run) => Problem.Of(
        StatusCodes.Status409Conflict, "metadata-not-confirmed",
        $"Run {run} is not a dry run of an import that ended within the last hour. Make a dry run, look at its counts, and confirm "
        + "its id alone.");

    public static ProblemHttpResult NoGeneration(string? nonce) => Problem.Of(
        StatusCodes.Status404NotFound, "metadata-generation-not-found",
        nonce is null
            ? "Redis has no generation from before the database was restored. GET /admin/metadata lists those that it has."
            : $"Redis has no past generation '{Problem.Shorten(nonce)}'. GET /admin/metadata lists those that it has.");

    public static ProblemHttpResult RedisUnavailable() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "metadata-redis-unavailable", "Redis does not respond. Repeat the request when it does.");
}
