namespace MediaAspire.Api.S3.Signing;

/// <summary>The form of a path in the canonical request.</summary>
internal enum CanonicalPath
{
    /// <summary>As in the request line, which nearly every client signs.</summary>
    AsSent,

    /// <summary>Decoded and encoded by the rule of S3, for clients that sign this form but send another, such as a bare <c>(</c>.</summary>
    Encoded,
}
