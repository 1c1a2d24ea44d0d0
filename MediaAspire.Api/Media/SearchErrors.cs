using MediaAspire.Api.Problems;
using MediaAspire.Core.Media.Filters;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>The problems of lists and searches.</summary>
internal static class SearchErrors
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Creates the problem of a wrong filter, with the field as an extension.</summary>
    public static ProblemHttpResult Invalid(FilterError error) => TypedResults.Problem(
        error.Message,
        statusCode: StatusCodes.Status400BadRequest,
        type: Problem.TypeOf(error.Code),
        extensions: error.Field is null ? [new("code", error.Code)] : [new("code", error.Code), new("field", error.Field)]);

    public static ProblemHttpResult TooCostly() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "search-too-costly",
        "No index helps with this filter and order, and the search took too long. Add an owner, a tag, a kind or a range of times.");

    public static ProblemHttpResult Busy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = RetryAfters.SecondsOf(s_retryAfter);
        return Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "search-busy", "Too many searches are running. Try again in two seconds.");
    }
}
