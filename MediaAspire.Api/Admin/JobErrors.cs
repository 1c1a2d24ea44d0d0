using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem of the job routes; <c>code</c> is stable for clients.</summary>
internal static class JobErrors
{
    private const int MaxShown = 80;

    public static ProblemHttpResult InvalidId(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "job-id-invalid",
        $"\"{(id.Length <= MaxShown ? id : id[..MaxShown] + "…")}\" is not a job id. Ids are UUIDs.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} jobs, not {limit}.");

    public static ProblemHttpResult NotFound(JobId id) => Problem.Of(
        StatusCodes.Status404NotFound, "dead-job-not-found", $"Dead job '{id}' does not exist. It may have been replayed or deleted.");
}
