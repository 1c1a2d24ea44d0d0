using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Limits;

/// <summary>Problems of limits. The response has a <c>Retry-After</c>.</summary>
internal static class LimitErrors
{
    public static ProblemHttpResult RateLimited(TimeSpan retryAfter) => Problem.Of(
        StatusCodes.Status429TooManyRequests, "rate-limited",
        $"This key or address sends more requests than it may. Try again in {RetryAfters.SecondsOf(retryAfter)} s.");

    public static ProblemHttpResult TooManyTransfers(TimeSpan retryAfter) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "too-many-transfers",
        $"Too many transfers are in progress, in this process or for this key. Try again in {RetryAfters.SecondsOf(retryAfter)} s.");
}
