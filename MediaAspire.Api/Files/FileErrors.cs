using MediaAspire.Api.Problems;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Files;

/// <summary>The problems of the file routes; <c>code</c> is stable for clients.</summary>
internal static class FileErrors
{
    public static ProblemHttpResult InvalidId(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "file-id-invalid",
        $"\"{Problem.Shorten(id)}\" is not a file id; ids are UUIDs such as 01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55.");

    public static ProblemHttpResult NotFound(FileId id) => Problem.Of(
        StatusCodes.Status404NotFound, "file-not-found", $"File {id} does not exist.");

    public static ProblemHttpResult UnsupportedMediaType(string? contentType) => Problem.Of(
        StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported",
        $"POST /files accepts multipart/form-data or application/json, not \"{Problem.Shorten(contentType ?? "nothing")}\". "
            + "To send any other body, use PUT /files?filename=.");

    public static ProblemHttpResult MissingBoundary() => Problem.Of(
        StatusCodes.Status400BadRequest, "multipart-boundary-missing",
        "The Content-Type has no valid multipart boundary. Send one of 1 to 70 characters.");

    public static ProblemHttpResult MalformedMultipart(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "multipart-malformed", $"The multipart body is truncated or malformed: {reason}");

    public static ProblemHttpResult MissingFilePart() => Problem.Of(
        StatusCodes.Status400BadRequest, "file-part-missing", "The form has no part named \"file\" with a filename.");

    public static ProblemHttpResult RepeatedFilePart() => Problem.Of(
        StatusCodes.Status400BadRequest, "file-part-repeated",
        "The form has more than one part named \"file\". Send one file per request.");

    public static ProblemHttpResult InvalidFilename(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "filename-invalid", reason);

    public static ProblemHttpResult InvalidContentType(string contentType) => Problem.Of(
        StatusCodes.Status400BadRequest, "content-type-invalid", $"\"{Problem.Shorten(contentType)}\" is not a valid media type.");

    public static ProblemHttpResult InvalidChecksum(string source, string value) => Problem.Of(
        StatusCodes.Status400BadRequest, "checksum-invalid", $"{source} \"{Problem.Shorten(value)}\" is not a valid SHA-256.");

    public static ProblemHttpResult ChecksumMismatch(Sha256Digest declared, Sha256Digest actual) => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "checksum-mismatch",
        $"The SHA-256 of the bytes is {actual}, but {declared} was declared. Nothing was kept.");

    public static ProblemHttpResult RangeNotSatisfiable(long size) => Problem.Of(
        StatusCodes.Status416RangeNotSatisfiable, "range-not-satisfiable",
        $"The file has {size} bytes, and no requested range lies within it.");

    public static ProblemHttpResult PreconditionFailed() => Problem.Of(
        StatusCodes.Status412PreconditionFailed, "precondition-failed",
        "The file does not meet the condition in If-Match or If-Unmodified-Since.");

    public static ProblemHttpResult TooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "file-too-large", $"A file may have at most {limit} bytes.");

    public static ProblemHttpResult WriteFailed(FileWriteException failure) => failure.Failure switch
    {
        FileWriteFailure.TooLarge => Problem.Of(StatusCodes.Status413PayloadTooLarge, "file-too-large", failure.Message),
        FileWriteFailure.LengthMismatch => Problem.Of(StatusCodes.Status400BadRequest, "length-mismatch", failure.Message),
        FileWriteFailure.NotEnoughServers => Unavailable("not-enough-servers", failure),
        FileWriteFailure.AllCopiesFailed => Unavailable("copies-failed", failure),
        FileWriteFailure.SessionLost => Problem.Of(StatusCodes.Status409Conflict, "upload-session-lost", failure.Message),
        _ => throw new System.Diagnostics.UnreachableException($"Unhandled failure {failure.Failure}."),
    };

    private static ProblemHttpResult Unavailable(string code, FileWriteException failure) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, code, failure.Message + " Nothing was kept; try again later.");
}
