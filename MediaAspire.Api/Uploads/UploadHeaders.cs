namespace MediaAspire.Api.Uploads;

/// <summary>The header fields of tus and of the IETF's resumable uploads.</summary>
internal static class UploadHeaders
{
    public const string TusVersion = "1.0.0";

    public const string TusResumable = "Tus-Resumable";
    public const string TusVersions = "Tus-Version";
    public const string TusExtension = "Tus-Extension";
    public const string TusMaxSize = "Tus-Max-Size";
    public const string TusChecksumAlgorithm = "Tus-Checksum-Algorithm";

    public const string Offset = "Upload-Offset";
    public const string Length = "Upload-Length";
    public const string DeferLength = "Upload-Defer-Length";
    public const string Metadata = "Upload-Metadata";
    public const string Expires = "Upload-Expires";
    public const string Checksum = "Upload-Checksum";
    public const string Concat = "Upload-Concat";

    public const string Complete = "Upload-Complete";
    public const string Limit = "Upload-Limit";
    public const string InteropVersion = "Upload-Draft-Interop-Version";

    public const string ContentDigest = "Content-Digest";
    public const string ReprDigest = "Repr-Digest";
    public const string WantReprDigest = "Want-Repr-Digest";

    public const string MethodOverride = "X-HTTP-Method-Override";

    /// <summary>The header of this API that names the result, in the response to the request that completes an upload.</summary>
    public const string Result = "Upload-Result";

    public const string TusContentType = "application/offset+octet-stream";
    public const string PartialUpload = "application/partial-upload";

    public const string Extensions =
        "creation,creation-with-upload,creation-defer-length,expiration,checksum,checksum-trailer,termination,concatenation";

    /// <summary>Determines whether a request speaks tus. A <c>HEAD</c> of the IETF's protocol has no mark of its own.</summary>
    public static bool IsTus(HttpRequest request) => request.Headers.ContainsKey(TusResumable);
}
