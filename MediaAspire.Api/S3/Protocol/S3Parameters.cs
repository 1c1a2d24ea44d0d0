namespace MediaAspire.Api.S3.Protocol;

/// <summary>The query parameters that more than one feature reads.</summary>
internal static class S3Parameters
{
    public const string PartNumber = "partNumber";

    public const string VersionId = "versionId";

    /// <summary>The signature of a presigned URL.</summary>
    public const string Signature = "X-Amz-Signature";

    /// <summary>The signature of a URL that is presigned with version 2.</summary>
    public const string Version2Signature = "Signature";
}
