using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media.Shares;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>The problems of links to media; <c>code</c> is stable for clients.</summary>
internal static class ShareErrors
{
    public static ProblemHttpResult NotFound() => Problem.Of(
        StatusCodes.Status404NotFound, "share-not-found", "This link does not exist, has expired, or was ended.");

    public static ProblemHttpResult TooMany(MediaId id) => Problem.Of(
        StatusCodes.Status409Conflict, "too-many-shares",
        $"The item {id} has {MediaShareStore.MostOfOneItem} links already. End some of them.");

    public static ProblemHttpResult TooManyGuesses(TimeSpan retryAfter) => Problem.Of(
        StatusCodes.Status429TooManyRequests, "rate-limited",
        $"This address asked for too many links that do not exist. Try again in {RetryAfters.SecondsOf(retryAfter)} s.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} links, not {limit}.");

    public static ProblemHttpResult InvalidPosition(string after) => Problem.Of(
        StatusCodes.Status400BadRequest, "after-invalid", $"'{after}' is not a position. Send the \"next\" of the previous page.");
}
