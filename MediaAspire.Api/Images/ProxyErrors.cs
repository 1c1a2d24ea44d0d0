using MediaAspire.Api.Problems;
using MediaAspire.Core.Fetching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>The problems of images that are fetched from other servers; <c>code</c> is stable for clients.</summary>
internal static class ProxyErrors
{
    public static ProblemHttpResult Disabled() => Problem.Of(
        StatusCodes.Status403Forbidden, "proxy-disabled", "Images of other servers are not fetched here: Images:Proxy:Enabled is false.");

    public static ProblemHttpResult Loop() => Problem.Of(
        StatusCodes.Status508LoopDetected, "proxy-loop", "The request comes from a platform like this one, which fetches an address.");

    public static ProblemHttpResult NotFound() => Problem.Of(
        StatusCodes.Status404NotFound, "proxy-not-found", "Nothing was fetched from this address yet. A GET fetches it.");

    public static ProblemHttpResult Timeout(TimeSpan limit) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "proxy-timeout",
        $"The image was not there within {limit.TotalSeconds:0.#} seconds. The work goes on; try again.");

    /// <summary>Creates the problem of an address that is refused, or whose content could not be had.</summary>
    public static ProblemHttpResult Of(FetchFailure failure) => Problem.Of(
        failure.Kind switch
        {
            FetchFailureKind.Refused => StatusCodes.Status400BadRequest,
            FetchFailureKind.Rejected => StatusCodes.Status422UnprocessableEntity,
            _ => StatusCodes.Status502BadGateway,
        },
        failure.Code,
        failure.Message);
}
