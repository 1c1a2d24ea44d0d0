namespace MediaAspire.Api.S3.Signing;

/// <summary>A parsed <c>x-amz-content-sha256</c>.</summary>
/// <param name="Kind">The kind of the body.</param>
/// <param name="Value">The value as it was sent, which is also how it is signed.</param>
internal readonly record struct PayloadDeclaration(PayloadKind Kind, string Value)
{
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    public static PayloadDeclaration Unsigned { get; } = new(PayloadKind.Unsigned, UnsignedPayload);

    /// <summary>Gets a value indicating whether the body is in aws-chunked encoding. Only uploads may be.</summary>
    public bool IsChunked =>
        Kind is PayloadKind.SignedChunks or PayloadKind.SignedChunksWithTrailer or PayloadKind.UnsignedChunksWithTrailer;

    public bool HasSignedChunks => Kind is PayloadKind.SignedChunks or PayloadKind.SignedChunksWithTrailer;

    public bool HasTrailer => Kind is PayloadKind.SignedChunksWithTrailer or PayloadKind.UnsignedChunksWithTrailer;

    /// <exception cref="Protocol.S3Exception">The value is invalid, or not implemented.</exception>
    public static PayloadDeclaration Parse(string value) => value switch
    {
        UnsignedPayload => Unsigned,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => new(PayloadKind.SignedChunks, value),
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => new(PayloadKind.SignedChunksWithTrailer, value),
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => new(PayloadKind.UnsignedChunksWithTrailer, value),
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" or "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER" =>
            throw SigningErrors.AsymmetricSignatures(value).ToException(),
        { Length: 64 } when value.All(char.IsAsciiHexDigit) => new(PayloadKind.Sha256, value),
        _ => throw SigningErrors.InvalidContentSha256(value).ToException(),
    };
}
