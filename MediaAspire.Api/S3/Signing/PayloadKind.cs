namespace MediaAspire.Api.S3.Signing;

/// <summary>The kinds of bodies that <c>x-amz-content-sha256</c> declares.</summary>
internal enum PayloadKind
{
    /// <summary><c>UNSIGNED-PAYLOAD</c>: plain bytes without a signature.</summary>
    Unsigned,

    /// <summary>Plain bytes whose SHA-256 is signed.</summary>
    Sha256,

    /// <summary><c>STREAMING-AWS4-HMAC-SHA256-PAYLOAD</c>: chunks, each with its signature.</summary>
    SignedChunks,

    /// <summary><c>STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER</c>: the same, with signed trailers after them.</summary>
    SignedChunksWithTrailer,

    /// <summary>
    /// <c>STREAMING-UNSIGNED-PAYLOAD-TRAILER</c>: chunks and trailers without signatures; only a checksum among the trailers protects them.
    /// </summary>
    UnsignedChunksWithTrailer,
}
