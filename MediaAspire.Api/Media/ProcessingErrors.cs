using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>The problems of processing and of the duties' routes; <c>code</c> is stable for clients.</summary>
internal static class ProcessingErrors
{
    public static ProblemHttpResult UnknownParameter(string name, IReadOnlyList<string> known) => Problem.Of(
        StatusCodes.Status400BadRequest, "query-parameter-unknown",
        $"The query parameter \"{Problem.Shorten(name)}\" does not exist here. Use {string.Join(" or ", known)}.");

    public static ProblemHttpResult InvalidWait(int seconds, int most) => Problem.Of(
        StatusCodes.Status400BadRequest, "wait-invalid", $"\"wait\" is {seconds}; it is a number of seconds from 0 to {most}.");

    public static ProblemHttpResult ApplicationKeyRequired(string what) => Problem.Of(
        StatusCodes.Status403Forbidden, "application-key-required",
        $"{what} needs a key that is bound to no owner.");

    public static ProblemHttpResult NotUploaded(MediaId id) => Problem.Of(
        StatusCodes.Status412PreconditionFailed, "not-uploaded",
        $"Item {id} is pending. Upload its parts and finalize it first; processing starts by itself then.");

    public static ProblemHttpResult Running(MediaId id) => Problem.Of(
        StatusCodes.Status409Conflict, "media-processing",
        $"Item {id} is being processed, or waits for its next attempt. Read it again later.");

    public static ProblemHttpResult Exhausted(MediaId id, int tries) => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "media-tries-exhausted",
        $"Item {id} has failed {tries} times; its \"error\" has the reason. Remove the cause, then process it with force=true and a key "
            + "that is bound to no owner, or upload the content again as a new item.");
}
