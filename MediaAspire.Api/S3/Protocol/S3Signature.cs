namespace MediaAspire.Api.S3.Protocol;

/// <summary>The form of a verified signature, with the names that policies compare.</summary>
/// <param name="Version">The value of <c>s3:signatureversion</c>.</param>
/// <param name="AuthType">The value of <c>s3:authType</c>.</param>
internal sealed record S3Signature(string Version, string AuthType)
{
    private const string Version2 = "AWS";
    private const string Version4 = "AWS4-HMAC-SHA256";
    private const string InHeader = "REST-HEADER";
    private const string InQuery = "REST-QUERY-STRING";
    private const string InForm = "POST";

    public static S3Signature Header { get; } = new(Version4, InHeader);

    public static S3Signature Query { get; } = new(Version4, InQuery);

    public static S3Signature Form { get; } = new(Version4, InForm);

    public static S3Signature Version2Header { get; } = new(Version2, InHeader);

    public static S3Signature Version2Query { get; } = new(Version2, InQuery);

    public static S3Signature Version2Form { get; } = new(Version2, InForm);
}
