using MediaAspire.Api.Problems;
using MediaAspire.Core.Staging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.NamedFiles;

/// <summary>Every problem that files by name can be answered with; <c>code</c> is stable for clients.</summary>
internal static class NamedFileErrors
{
    public static ProblemHttpResult Malformed(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "json-malformed", $"The body is not the JSON object {{\"client_id\", \"name\", \"data\"}}: {reason}");

    public static ProblemHttpResult MissingField(string field) => Problem.Of(
        StatusCodes.Status400BadRequest, "field-missing", $"The field \"{field}\" is missing; client_id, name and data are needed.");

    public static ProblemHttpResult RepeatedField(string field) => Problem.Of(
        StatusCodes.Status400BadRequest, "field-repeated", $"The field \"{field}\" comes more than once.");

    public static ProblemHttpResult InvalidField(string field, string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "field-invalid", $"The field \"{field}\" {reason}.");

    public static ProblemHttpResult InvalidParameter(string parameter, string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "parameter-invalid", $"The parameter {parameter} {reason}; GET /files takes client_id and name.");

    public static ProblemHttpResult NotFound() => Problem.Of(
        StatusCodes.Status404NotFound, "named-file-not-found", "This client has no file of this name.");

    public static ProblemHttpResult TooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "file-too-large",
        $"A file sent as JSON may have at most {limit} bytes; a form, or PUT /files?filename=, takes larger ones.");

    public static ProblemHttpResult BodyTooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The JSON may have at most {limit} bytes.");

    public static ProblemHttpResult Busy(string reason) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "staging-full", reason + " Nothing was kept; try again later.");

    public static ProblemHttpResult Abandoned() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "staging-lost", "The file was staged so long ago that it was taken for forgotten. Nothing was kept; send it again.");

    public static ProblemHttpResult QueueUnavailable() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "queue-unavailable", "The job queue can't be reached now. Nothing was kept; try again later.");

    public static ProblemHttpResult DamagedStaging() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "staging-damaged", "The file is not in short-term storage as it was put there. An operator has to look at it.");

    public static ProblemHttpResult Staging(StagingException failure, long maxSize) => failure.Failure switch
    {
        StagingFailure.TooLarge => TooLarge(maxSize),
        StagingFailure.Full => Busy(failure.Message),
        StagingFailure.Missing => DamagedStaging(),
        StagingFailure.Unavailable => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "staging-unavailable", "Short-term storage can't be reached now. Try again later."),
        _ => throw new System.Diagnostics.UnreachableException($"Unhandled failure {failure.Failure}."),
    };
}
