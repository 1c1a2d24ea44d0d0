using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem of <c>/admin/scrub</c>.</summary>
internal static class ScrubErrors
{
    public static ProblemHttpResult Open() => Problem.Of(
        StatusCodes.Status409Conflict, "scrub-open", "A commanded scrub is running or paused. Wait until it ends, or cancel it first.");

    public static ProblemHttpResult NotRunning() => Problem.Of(
        StatusCodes.Status409Conflict, "scrub-not-running", "No scrub is running, so none can be paused.");

    public static ProblemHttpResult NotPaused() => Problem.Of(
        StatusCodes.Status409Conflict, "scrub-not-paused", "No scrub is paused, so none can be resumed.");

    public static ProblemHttpResult NotOpen() => Problem.Of(
        StatusCodes.Status409Conflict, "scrub-not-open", "No scrub is running or paused, so none can be cancelled.");
}
