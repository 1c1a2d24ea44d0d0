using System.Globalization;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Errors in the framing of a body.</summary>
internal static class PayloadErrors
{
    /// <summary>The body ends early, or is not in aws-chunked encoding.</summary>
    public static S3Error Incomplete() => new("IncompleteBody", 400, "The request body terminated unexpectedly");

    public static S3Error ChunkTooSmall(int chunk, long sizeBytes) =>
        new S3Error(
            "InvalidChunkSizeError",
            400,
            $"Only the last chunk is allowed to have a size less than {AwsChunkedStream.MinChunkBytes} bytes")
            .With("Chunk", chunk.ToString(CultureInfo.InvariantCulture))
            .With("BadChunkSize", sizeBytes.ToString(CultureInfo.InvariantCulture));

    public static S3Error MalformedTrailer() => new(
        "MalformedTrailerError",
        400,
        "The request contained trailing data that was not well-formed or did not conform to our published schema.");

    public static S3Error InvalidDecodedLength(string value) =>
        S3Errors.InvalidArgument(RequestBody.DecodedLengthHeader, value, "The decoded content length must be a number of bytes.");
}
