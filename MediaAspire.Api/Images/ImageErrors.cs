using MediaAspire.Api.Problems;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Imaging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>The problems of the image routes; <c>code</c> is stable for clients.</summary>
internal static class ImageErrors
{
    public static ProblemHttpResult InvalidAlias(string alias) => Problem.Of(
        StatusCodes.Status400BadRequest, "alias-invalid", $"\"{Problem.Shorten(alias)}\" is not an alias: {ImageAlias.Rule}.");

    public static ProblemHttpResult AliasNotFound(ImageAlias alias) => Problem.Of(
        StatusCodes.Status404NotFound, "alias-not-found", $"Image '{alias}' does not exist.");

    public static ProblemHttpResult LostFile(ImageAlias alias) => Problem.Of(
        StatusCodes.Status404NotFound, "lost-file", $"The bytes of image '{alias}' are lost. Upload the image again.");

    public static ProblemHttpResult InvalidDeleteToken() => Problem.Of(
        StatusCodes.Status403Forbidden, "invalid-delete-token",
        "The token does not allow the deletion of this alias. Use the one that the upload returned for it.");

    public static ProblemHttpResult ReadOnly() => Problem.Of(
        StatusCodes.Status400BadRequest, "read-only", "Images are read only now: Images:ReadOnly is set. Try again later.");

    public static ProblemHttpResult NoBlurHash(ImageAlias alias) => Problem.Of(
        StatusCodes.Status404NotFound, "blurhash-not-found", $"Image '{alias}' has no BlurHash.");

    public static ProblemHttpResult UnsupportedMediaType(string? contentType) => Problem.Of(
        StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported",
        $"POST /images accepts multipart/form-data, not \"{Problem.Shorten(contentType ?? "nothing")}\".");

    public static ProblemHttpResult MissingBoundary() => Problem.Of(
        StatusCodes.Status400BadRequest, "multipart-boundary-missing",
        "The Content-Type has no valid multipart boundary. Send one of 1 to 70 characters.");

    public static ProblemHttpResult MalformedMultipart(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "multipart-malformed", $"The multipart body is truncated or malformed: {reason}");

    public static ProblemHttpResult NoFiles() => Problem.Of(
        StatusCodes.Status400BadRequest, "validate-no-files", "The form has no part named \"images[]\" with a filename.");

    public static ProblemHttpResult EmptyFile() => Problem.Of(
        StatusCodes.Status400BadRequest, "validate-file-empty", "A file of the form has no bytes. Nothing was kept.");

    public static ProblemHttpResult TooManyFiles(int limit) => Problem.Of(
        StatusCodes.Status400BadRequest, "validate-file-count", $"The form has more than {limit} files. Nothing was kept.");

    public static ProblemHttpResult FileTooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "validate-file-size", $"A file may have at most {limit} bytes. Nothing was kept.");

    public static ProblemHttpResult InvalidQuery(string reason) => Problem.Of(StatusCodes.Status400BadRequest, "query-invalid", reason);

    public static ProblemHttpResult InvalidUploadId(string? id) => Problem.Of(
        StatusCodes.Status400BadRequest, "upload-id-invalid",
        id is null
            ? "Name the upload with ?upload_id=."
            : $"\"{Problem.Shorten(id)}\" is not the id of an upload; ids are UUIDs such as 5d4f2a0e-5b0f-4a4e-9a53-1d0f2f1f3c55.");

    public static ProblemHttpResult UploadNotFound(ImageUploadId id) => Problem.Of(
        StatusCodes.Status404NotFound, "upload-not-found", $"Upload {id} does not exist, or has expired.");

    public static ProblemHttpResult AlreadyClaimed(ImageUploadId id) => Problem.Of(
        StatusCodes.Status400BadRequest, "already-claimed", $"The result of upload {id} was claimed before. It is handed out once.");

    public static ProblemHttpResult QueueFull() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "job-queue-full", "Too many images wait for their processing. Try again later.");

    public static ProblemHttpResult InvalidHash(string hash) => Problem.Of(
        StatusCodes.Status400BadRequest, "image-hash-invalid",
        $"\"{Problem.Shorten(hash)}\" is not the hash of an image: a SHA-256 in hexadecimal, the size in bytes and the format, "
            + "separated by hyphens.");

    public static ProblemHttpResult HashNotFound(ImageHash hash) => Problem.Of(
        StatusCodes.Status404NotFound, "image-hash-not-found", $"No image has the hash {hash}.");

    public static ProblemHttpResult FileNotFound(FileId file) => Problem.Of(
        StatusCodes.Status404NotFound, "file-not-found", $"File {file} does not exist.");

    public static ProblemHttpResult NoNotFoundImage() => Problem.Of(
        StatusCodes.Status404NotFound, "not-found-image-unset", "No image is chosen. PUT /admin/images/not-found chooses one.");

    public static ProblemHttpResult NoPrune() => Problem.Of(
        StatusCodes.Status404NotFound, "image-prune-not-found",
        "Missing images were never looked for. POST /admin/images/prune-missing does.");

    public static ProblemHttpResult PruneRuns() => Problem.Of(
        StatusCodes.Status409Conflict, "image-prune-running",
        "A search runs already. GET /admin/images/prune-missing shows its progress.");

    /// <summary>Creates the problem of a file that could not be stored.</summary>
    public static ProblemHttpResult WriteFailed(FileWriteException failure, long limit) => failure.Failure switch
    {
        FileWriteFailure.TooLarge => FileTooLarge(limit),
        FileWriteFailure.LengthMismatch => Problem.Of(StatusCodes.Status400BadRequest, "length-mismatch", failure.Message),
        FileWriteFailure.SessionLost => Problem.Of(StatusCodes.Status409Conflict, "upload-session-lost", failure.Message),
        _ => Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "storage-unavailable", failure.Message + " Nothing was kept; try again later."),
    };

    /// <summary>Creates the problem of content that was refused while its sender waits.</summary>
    public static ProblemHttpResult Of(ImageFailure failure) => Problem.Of(StatusOf(failure.Code), failure.Code, failure.Message);

    /// <summary>Creates the problem of content that was refused in the background.</summary>
    public static ProblemHttpResult OfClaim(ImageFailure failure) =>
        Problem.Of(StatusCodes.Status422UnprocessableEntity, failure.Code, failure.Message);

    private static int StatusOf(string code) => code switch
    {
        "validate-file-size" => StatusCodes.Status413PayloadTooLarge,
        "quota-exceeded" => StatusCodes.Status507InsufficientStorage,
        "duplicate-alias" or "video-disabled" or "media-disallowed" or "failed-external-validation" or "owner-unknown" =>
            StatusCodes.Status400BadRequest,
        _ => code.StartsWith("validate-", StringComparison.Ordinal)
            ? StatusCodes.Status400BadRequest
            : StatusCodes.Status422UnprocessableEntity,
    };
}
