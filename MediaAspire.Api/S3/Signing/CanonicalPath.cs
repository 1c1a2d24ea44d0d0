namespace MediaAspire.Api.S3.Signing;

/// <summary>How a path stands in the canonical request.</summary>
internal enum CanonicalPath
{
    /// <summary>As in the request line: what nearly every client signs.</summary>
    AsSent,

    /// <summary>Decoded, and encoded by S3's rule: for clients that sign the rule's form and send another, such as a bare <c>(</c>.</summary>
    Encoded,
}
