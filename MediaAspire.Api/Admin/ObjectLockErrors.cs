using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem of the routes of locked versions; <c>code</c> is stable for clients.</summary>
internal static class ObjectLockErrors
{
    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} versions, not {limit}.");

    public static ProblemHttpResult InvalidVersion(string version) => Problem.Of(
        StatusCodes.Status400BadRequest, "version-id-invalid", $"\"{version}\" is not a version id.");
}
