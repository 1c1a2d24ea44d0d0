using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.Uploads;

/// <summary>An upload.</summary>
/// <param name="Id">The id, which its address has.</param>
/// <param name="State"><c>receiving</c>, <c>completing</c>, <c>completed</c> or <c>failed</c>.</param>
/// <param name="Target"><c>file</c>, <c>image</c>, <c>media</c> or <c>object</c>.</param>
/// <param name="Offset">The bytes on stable storage; of an upload in parts, those of all parts.</param>
/// <param name="Length">The bytes in all; <see langword="null"/> until the client tells it.</param>
/// <param name="IsPartial">A value indicating whether it is a source of a concatenation.</param>
/// <param name="Fields">What the client told: filename, content type, bucket and key.</param>
/// <param name="Owner">The owner of the result; <see langword="null"/> for none.</param>
/// <param name="Result">What became of the upload; <see langword="null"/> before.</param>
/// <param name="Failure">The reason of a failure; <see langword="null"/> for none.</param>
/// <param name="Sha256">The SHA-256 of all bytes in hexadecimal; <see langword="null"/> while it is not known.</param>
/// <param name="CreatedAt">The time of its creation.</param>
/// <param name="ModifiedAt">The time of the last change.</param>
/// <param name="ExpiresAt">The time when it is removed unless bytes arrive; <see langword="null"/> for never.</param>
/// <param name="Form">
/// <c>in-order</c>, <c>parts</c> for one in parts, or <c>s3</c> for one in parts that S3's protocol has begun.
/// </param>
/// <param name="PartSize">The size of the parts; <see langword="null"/> when they have none, or any.</param>
/// <param name="StoredParts">The number of stored parts of an upload in parts.</param>
public sealed record UploadResponse(
    string Id,
    string State,
    string Target,
    long Offset,
    long? Length,
    bool IsPartial,
    IReadOnlyDictionary<string, string> Fields,
    string? Owner,
    UploadResultResponse? Result,
    UploadFailureResponse? Failure,
    string? Sha256,
    DateTimeOffset CreatedAt,
    DateTimeOffset ModifiedAt,
    DateTimeOffset? ExpiresAt,
    string Form,
    long? PartSize,
    int? StoredParts)
{
    internal static UploadResponse Of(UploadSession session) => new(
        session.Id.ToString(),
        StateOf(session.State),
        TargetOf(session.Target),
        session.Received,
        session.Length,
        session.IsPartial,
        UploadMemory.FieldsOf(session),
        session.Owner?.Value,
        UploadResultResponse.Of(session),
        session.Failure is { } failure ? new(failure.Code, failure.Message) : null,
        session.Sha256?.ToString(),
        session.CreatedAt,
        session.ModifiedAt,
        session.ExpiresAt,
        UploadForms.Of(session),
        session.PartSize,
        session.StoredParts);

    private static string StateOf(UploadSessionState state) => state switch
    {
        UploadSessionState.Receiving => "receiving",
        UploadSessionState.Completing => "completing",
        UploadSessionState.Completed => "completed",
        _ => "failed",
    };

    private static string TargetOf(UploadTarget target) => target switch
    {
        MediaPartTarget or NewMediaTarget => "media",
        ImageTarget => "image",
        ObjectTarget => "object",
        _ => "file",
    };
}

/// <summary>The result of an upload.</summary>
/// <param name="Address">
/// The path below the address of this API; of an object <c>/bucket/key</c> below the address of the S3 API.
/// </param>
/// <param name="Id">The id of the file, of the upload of an image, of the media item, or of the version.</param>
public sealed record UploadResultResponse(string Address, string Id)
{
    internal static UploadResultResponse? Of(UploadSession session) => session.Result switch
    {
        FileResult file => new($"/files/{file.File}", file.File.ToString()),
        ImageResult image => new($"/images/backgrounded/claim?upload_id={image.Upload}", image.Upload.ToString()),
        MediaPartResult part => new($"/media/{part.Item}", part.Item.ToString()),
        ObjectResult version => new(UploadMemory.ObjectAddressOf(session), version.Version.ToString()),
        _ => null,
    };
}

/// <summary>The reason of a failed upload.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">An explanation for people.</param>
public sealed record UploadFailureResponse(string Code, string Message);

/// <summary>Uploads under way, the newest first.</summary>
/// <param name="Uploads">The uploads.</param>
/// <param name="Next">The value of <c>after</c> for the next page; <see langword="null"/> on the last one.</param>
public sealed record UploadListResponse(IReadOnlyList<UploadResponse> Uploads, string? Next);

/// <summary>A request for a signed upload address.</summary>
/// <param name="Target"><c>file</c>, <c>image</c>, <c>media</c> or <c>object</c>; a file by default.</param>
/// <param name="Filename">The filename; the browser names it when it is missing.</param>
/// <param name="ContentType">The media type that the upload must have, such as <c>video/mp4</c> or <c>image/*</c>; any by default.</param>
/// <param name="MaxSize">The most bytes; the server's limit by default.</param>
/// <param name="ExpiresIn">The time for which the address is valid, in seconds; an hour by default.</param>
/// <param name="Owner">The owner of the result, for a key that is bound to none.</param>
/// <param name="Bucket">The bucket of an object.</param>
/// <param name="Key">The key of an object.</param>
/// <param name="Media">The id of the media item whose part is uploaded; without it, an item is created.</param>
/// <param name="Part">The number of the part; 1 by default.</param>
/// <param name="Kind">The kind of a new media item; <c>simple</c> by default.</param>
/// <param name="Access">The access to a new media item: <c>public</c> or <c>private</c>, the default.</param>
/// <param name="Alias">The alias of a new media item.</param>
/// <param name="Description">The description of a new media item.</param>
/// <param name="Tags">The tags of a new media item.</param>
public sealed record SignUploadRequest(
    string? Target,
    string? Filename,
    string? ContentType,
    long? MaxSize,
    double? ExpiresIn,
    string? Owner,
    string? Bucket,
    string? Key,
    string? Media = null,
    int? Part = null,
    string? Kind = null,
    string? Access = null,
    string? Alias = null,
    string? Description = null,
    IReadOnlyList<string>? Tags = null);

/// <summary>A signed upload address.</summary>
/// <param name="Url">
/// The path and the query below the address of this API. It takes one upload by tus or the IETF's protocol, without a key.
/// </param>
/// <param name="UploadUrl">The path and the query of the upload itself, once it was created.</param>
/// <param name="UploadId">The id that the upload will have.</param>
/// <param name="ExpiresAt">The time from which the address is not valid.</param>
public sealed record SignedUploadResponse(string Url, string UploadUrl, string UploadId, DateTimeOffset ExpiresAt);
