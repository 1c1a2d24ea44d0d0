using MediaAspire.Api.Problems;
using MediaAspire.Core.Staging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.NamedFiles;

/// <summary>The problems of named files; <c>code</c> is stable for clients.</summary>
internal static class NamedFileErrors
{
    public static ProblemHttpResult Malformed(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "json-malformed", $"The body is not a JSON object with client_id, name and data: {reason}");

    public static ProblemHttpResult MissingField(string field) => Problem.Of(
        StatusCodes.Status400BadRequest, "field-missing", $"The field \"{field}\" is missing; client_id, name and data are required.");

    public static ProblemHttpResult RepeatedField(string field) => Problem.Of(
        StatusCodes.Status400BadRequest, "field-repeated", $"The field \"{field}\" occurs more than once.");

    public static ProblemHttpResult InvalidField(string field, string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "field-invalid", $"The field \"{field}\" {reason}.");

    public static ProblemHttpResult InvalidParameter(string parameter, string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "parameter-invalid",
        $"The parameter {parameter} {reason}; GET /files requires client_id and name.");

    public static ProblemHttpResult NotFound() => Problem.Of(
        StatusCodes.Status404NotFound, "named-file-not-found", "The client has no file with this name.");

    public static ProblemHttpResult TooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "file-too-large",
        $"A file sent as JSON may have at most {limit} bytes. Send a larger one as a form, or with PUT /files?filename=.");

    public static ProblemHttpResult BodyTooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The JSON may have at most {limit} bytes.");

    public static ProblemHttpResult Busy(string reason) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "staging-full", reason + " Nothing was kept; try again later.");

    public static ProblemHttpResult Abandoned() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "staging-lost",
        "The staged file expired before the upload was complete. Nothing was kept; send it again.");

    public static ProblemHttpResult QueueUnavailable() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "queue-unavailable", "The job queue is unavailable. Nothing was kept; try again later.");

    public static ProblemHttpResult DamagedStaging() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "staging-damaged",
        "The file in short-term storage is missing or damaged. Ask an operator to check it.");

    public static ProblemHttpResult Staging(StagingException failure, long maxSize) => failure.Failure switch
    {
        StagingFailure.TooLarge => TooLarge(maxSize),
        StagingFailure.Full => Busy(failure.Message),
        StagingFailure.Missing => DamagedStaging(),
        StagingFailure.Unavailable => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "staging-unavailable", "Short-term storage is unavailable. Try again later."),
        _ => throw new System.Diagnostics.UnreachableException($"Unhandled failure {failure.Failure}."),
    };
}
