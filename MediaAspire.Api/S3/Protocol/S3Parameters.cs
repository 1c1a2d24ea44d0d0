namespace MediaAspire.Api.S3.Protocol;

/// <summary>The query parameters that select what an operation acts on.</summary>
internal static class S3Parameters
{
    public const string PartNumber = "partNumber";

    public const string VersionId = "versionId";
}
