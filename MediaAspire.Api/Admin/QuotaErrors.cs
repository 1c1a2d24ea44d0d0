using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem of the routes of quotas; <c>code</c> is stable for clients.</summary>
internal static class QuotaErrors
{
    public static ProblemHttpResult Invalid() => Problem.Of(
        StatusCodes.Status400BadRequest, "quota-invalid",
        "A quota has \"bytes\", \"objects\" or both, each a whole number from 0. DELETE removes a quota.");

    public static ProblemHttpResult NoQuota() => Problem.Of(
        StatusCodes.Status404NotFound, "quota-not-found", "No quota is set. PUT sets one; GET usage shows what is stored.");
}
