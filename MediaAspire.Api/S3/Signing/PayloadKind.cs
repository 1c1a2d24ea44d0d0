namespace MediaAspire.Api.S3.Signing;

/// <summary>What <c>x-amz-content-sha256</c> says of a body.</summary>
internal enum PayloadKind
{
    /// <summary><c>UNSIGNED-PAYLOAD</c>: plain bytes that no signature covers.</summary>
    Unsigned,

    /// <summary>Plain bytes whose SHA-256 is signed.</summary>
    Sha256,

    /// <summary><c>STREAMING-AWS4-HMAC-SHA256-PAYLOAD</c>: chunks, each with its signature.</summary>
    SignedChunks,

    /// <summary><c>STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER</c>: the same, with signed trailers after them.</summary>
    SignedChunksWithTrailer,

    /// <summary><c>STREAMING-UNSIGNED-PAYLOAD-TRAILER</c>: chunks and trailers without signatures; a checksum among the trailers is all that guards them.</summary>
    UnsignedChunksWithTrailer,
}
