using MediaAspire.Api.Problems;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Uploads;

/// <summary>The problems of the routes of uploads; <c>code</c> is stable for clients.</summary>
internal static class UploadErrors
{
    /// <summary>The status that tus gives to a checksum that does not match.</summary>
    public const int ChecksumMismatchStatus = 460;

    private const string ProblemTypes = "https://iana.org/assignments/http-problem-types#";

    public static ProblemHttpResult NotFound(string id) => Problem.Of(
        StatusCodes.Status404NotFound, "upload-not-found",
        $"Upload \"{Problem.Shorten(id)}\" does not exist or has expired. Start a new one.");

    public static ProblemHttpResult UnsupportedVersion(string? version) => Problem.Of(
        StatusCodes.Status412PreconditionFailed, "tus-version-unsupported",
        $"Tus-Resumable is \"{Problem.Shorten(version ?? "")}\", but this server speaks {UploadHeaders.TusVersion}.");

    public static ProblemHttpResult ProtocolRequired() => Problem.Of(
        StatusCodes.Status400BadRequest, "upload-protocol-missing",
        $"The request has neither {UploadHeaders.TusResumable}, of tus, nor a valid {UploadHeaders.Complete}, of the IETF's resumable "
            + "uploads. To send a whole file in one request, use PUT /files?filename=.");

    public static ProblemHttpResult InvalidHeader(string name, string? value, string rule) => Problem.Of(
        StatusCodes.Status400BadRequest, "upload-header-invalid", value is null
            ? $"The header {name} is missing. It must be {rule}."
            : $"The header {name} is \"{Problem.Shorten(value)}\". It must be {rule}.");

    public static ProblemHttpResult UnexpectedHeader(string name, string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "upload-header-unexpected", $"The header {name} is not allowed here: {reason}");

    public static ProblemHttpResult UnsupportedContentType(string? contentType, string expected) => Problem.Of(
        StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported",
        $"The Content-Type is \"{Problem.Shorten(contentType ?? "")}\", but bytes of an upload are sent as {expected}.");

    public static ProblemHttpResult TooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "upload-too-large", $"An upload may have at most {limit} bytes here.");

    public static ProblemHttpResult ExceedsLength(long length) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "upload-length-exceeded",
        $"The upload has a length of {length} bytes, and the request has more than are missing.");

    /// <summary>Creates the problem of bytes for another offset, with the members that the IETF's draft defines.</summary>
    public static ProblemHttpResult WrongOffset(long expected, long provided) => TypedResults.Problem(
        $"The upload has {expected} bytes, but the request has those from {provided} on. Continue at {expected}.",
        statusCode: StatusCodes.Status409Conflict,
        title: "offset from request does not match offset of resource",
        type: ProblemTypes + "mismatching-upload-offset",
        extensions: [new("code", "upload-offset-mismatch"), new("expected-offset", expected), new("provided-offset", provided)]);

    public static ProblemHttpResult InconsistentLength(string detail) => TypedResults.Problem(
        detail,
        statusCode: StatusCodes.Status400BadRequest,
        title: "inconsistent length values for upload",
        type: ProblemTypes + "inconsistent-upload-length",
        extensions: [new("code", "upload-length-inconsistent")]);

    /// <summary>Creates the problem of bytes for an upload that has ended.</summary>
    public static ProblemHttpResult Completed(bool isFinal) => isFinal
        ? Problem.Of(
            StatusCodes.Status403Forbidden, "upload-final",
            "The upload is the concatenation of others, which takes no bytes.")
        : TypedResults.Problem(
            "The upload has all its bytes, and takes no more.",
            statusCode: StatusCodes.Status409Conflict,
            title: "upload is already completed",
            type: ProblemTypes + "completed-upload",
            extensions: [new("code", "upload-completed")]);

    public static ProblemHttpResult InParts() => Problem.Of(
        StatusCodes.Status409Conflict, "upload-in-parts",
        "The upload takes parts, and has no offset. Send them with PUT /uploads/{id}/parts/{number}, and complete it.");

    public static ProblemHttpResult NotInParts() => Problem.Of(
        StatusCodes.Status409Conflict, "upload-not-in-parts",
        "The upload takes bytes at its offset, and no parts. Ask for the offset with HEAD, and append with PATCH.");

    public static ProblemHttpResult PartNotFound(UploadSession session, string number) => Problem.Of(
        StatusCodes.Status404NotFound, "upload-part-not-found",
        $"The upload has {(session.Length + session.PartSize - 1) / session.PartSize} parts, and none of the number "
            + $"\"{Problem.Shorten(number)}\".");

    public static ProblemHttpResult PartLength(long expected, long? sent) => Problem.Of(
        sent is null ? StatusCodes.Status411LengthRequired : StatusCodes.Status400BadRequest, "upload-part-length",
        $"The part has {expected} bytes, and Content-Length is {(sent is null ? "missing" : $"{sent}")}.");

    /// <summary>Creates the problem of an upload that lacks parts, the first 100 of which it names.</summary>
    public static ProblemHttpResult PartsMissing(IReadOnlyList<int> missing) => TypedResults.Problem(
        $"{missing.Count} parts are missing. Send them, and complete the upload again.",
        statusCode: StatusCodes.Status409Conflict,
        type: Problem.TypeOf("upload-parts-missing"),
        extensions: [new("code", "upload-parts-missing"), new("missing", missing.Take(100).ToArray())]);

    public static ProblemHttpResult InvalidPartSize(string detail) =>
        Problem.Of(StatusCodes.Status400BadRequest, "upload-part-size-invalid", detail);

    public static ProblemHttpResult Finished() => Problem.Of(
        StatusCodes.Status409Conflict, "upload-finished",
        "The upload is finished, so it cannot be cancelled. Delete what became of it instead.");

    public static ProblemHttpResult Failed(UploadFailure failure) => TypedResults.Problem(
        $"The upload has failed: {failure.Message}",
        statusCode: StatusCodes.Status410Gone,
        type: Problem.TypeOf(failure.Code),
        extensions: [new("code", failure.Code)]);

    /// <summary>Creates the problem of an upload whose bytes arrived, but did not become what was wanted.</summary>
    public static ProblemHttpResult NotProcessed(UploadFailure failure) => Problem.Of(
        failure.Code switch
        {
            UploadFailureCodes.QuotaExceeded => StatusCodes.Status507InsufficientStorage,
            UploadFailureCodes.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
            UploadFailureCodes.Sha256Mismatch => StatusCodes.Status422UnprocessableEntity,
            UploadFailureCodes.TargetRefused => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status500InternalServerError,
        },
        failure.Code,
        failure.Message);

    public static ProblemHttpResult Invalidated(long length) => Problem.Of(
        StatusCodes.Status409Conflict, "upload-length-exceeded",
        $"The upload has a length of {length} bytes, and the request had more than were missing. The upload was removed.");

    public static ProblemHttpResult Interrupted() => Problem.Of(
        StatusCodes.Status400BadRequest, "upload-interrupted",
        "The body broke off. Its bytes until there are stored, unless it had a checksum. Ask for the offset, and continue there.");

    public static ProblemHttpResult TakenOver() => Problem.Of(
        StatusCodes.Status423Locked, "upload-taken-over", "A later request has taken over the upload. Ask for the offset.");

    public static ProblemHttpResult TooManyAppends(int limit) => Problem.Of(
        StatusCodes.Status409Conflict, "upload-appends-exhausted",
        $"The upload was sent in {limit} requests, the most that it may have. Send more bytes in each request.");

    public static ProblemHttpResult Checksum(ChecksumMismatchException mismatch, int mismatchStatus) => mismatch.IsMalformed
        ? Problem.Of(StatusCodes.Status400BadRequest, "checksum-invalid", mismatch.Message)
        : Problem.Of(mismatchStatus, "checksum-mismatch", mismatch.Message);

    public static ProblemHttpResult InvalidTarget(string detail) =>
        Problem.Of(StatusCodes.Status400BadRequest, "upload-target-invalid", detail);

    public static ProblemHttpResult InvalidFilename(string reason) =>
        Problem.Of(StatusCodes.Status400BadRequest, "filename-invalid", reason);

    public static ProblemHttpResult BucketNotFound(string bucket) => Problem.Of(
        StatusCodes.Status404NotFound, "bucket-not-found", $"Bucket '{Problem.Shorten(bucket)}' does not exist, or belongs to others.");

    public static ProblemHttpResult InvalidGrant(GrantOutcome outcome) => outcome == GrantOutcome.Expired
        ? Problem.Of(StatusCodes.Status403Forbidden, "grant-expired", "The signed address has expired. Ask its sender for a new one.")
        : Problem.Of(
            StatusCodes.Status403Forbidden, "grant-invalid",
            "The signed address is not valid: it was changed, or the key that signed it is disabled or lacks the right.");

    public static ProblemHttpResult GrantForbids(string detail) => Problem.Of(StatusCodes.Status403Forbidden, "grant-forbids", detail);

    public static ProblemHttpResult InvalidLifetime(TimeSpan longest) => Problem.Of(
        StatusCodes.Status400BadRequest, "expiry-invalid",
        $"\"expiresIn\" must be from 1 to {(long)longest.TotalSeconds} seconds, the value of Uploads:Signing:MaxLifetime.");

    public static ProblemHttpResult InvalidPage(string detail) => Problem.Of(StatusCodes.Status400BadRequest, "page-invalid", detail);

    public static ProblemHttpResult InvalidConcat(string detail) =>
        Problem.Of(StatusCodes.Status400BadRequest, "upload-concat-invalid", detail);

    public static ProblemHttpResult PartsUnfinished() => Problem.Of(
        StatusCodes.Status409Conflict, "upload-parts-unfinished",
        "An upload of the concatenation is not complete, or was concatenated already. Complete all of them first.");
}
