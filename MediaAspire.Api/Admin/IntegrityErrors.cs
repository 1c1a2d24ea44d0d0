using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that <c>/admin/integrity</c> can return; <c>code</c> is stable for clients.</summary>
internal static class IntegrityErrors
{
    public static ProblemHttpResult UnknownKind(string kind, IEnumerable<string> known) => Problem.Of(
        StatusCodes.Status404NotFound, "integrity-kind-unknown",
        $"\"{Problem.Shorten(kind)}\" is not a kind of finding. The kinds are {string.Join(", ", known)}.");

    public static ProblemHttpResult InvalidLimit(string limit) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-invalid",
        $"The limit must be 1 to {IntegrityEndpoints.MaxLimit}, not \"{Problem.Shorten(limit)}\".");

    public static ProblemHttpResult InvalidAfter(string after) => Problem.Of(
        StatusCodes.Status400BadRequest, "after-invalid",
        $"\"{Problem.Shorten(after)}\" is not a position. Use the \"next\" of the previous page.");
}
