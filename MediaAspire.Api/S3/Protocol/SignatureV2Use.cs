namespace MediaAspire.Api.S3.Protocol;

/// <summary>The requests in which signatures of version 2 are accepted.</summary>
internal enum SignatureV2Use
{
    /// <summary>In the query of presigned URLs and in the policies of forms, which several clients still sign so by default.</summary>
    Presigned,

    /// <summary>In the <c>Authorization</c> header as well.</summary>
    All,

    /// <summary>In no request.</summary>
    Off,
}
