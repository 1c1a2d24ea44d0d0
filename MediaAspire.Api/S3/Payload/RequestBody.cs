using System.Globalization;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Opens the body of a request as its headers declare it.</summary>
internal static class RequestBody
{
    public const string DecodedLengthHeader = "x-amz-decoded-content-length";
    public const string TrailerHeader = "x-amz-trailer";

    /// <summary>Opens the body for one reading.</summary>
    /// <param name="body">The bytes from the connection.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="signer">The signer of the request, with the declaration of its body.</param>
    /// <returns>The decoded bytes. Disposing the stream leaves <paramref name="body"/> open.</returns>
    /// <exception cref="S3Exception">The headers do not declare the body, or declare it wrongly.</exception>
    public static PayloadStream Open(Stream body, IHeaderDictionary headers, Signer signer)
    {
        if (!signer.Payload.IsChunked)
        {
            return new PlainStream(body, headers.ContentLength);
        }

        var text = headers[DecodedLengthHeader].ToString();
        if (text.Length == 0)
        {
            throw S3Errors.MissingContentLength().ToException();
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            throw PayloadErrors.InvalidDecodedLength(text).ToException();
        }

        var declared = signer.Payload.HasTrailer ? ParseTrailerNames(headers[TrailerHeader].ToString()) : [];
        return new AwsChunkedStream(body, length, signer.Payload, signer.Seed, declared);
    }

    /// <example><c>x-amz-checksum-crc32</c></example>
    public static IReadOnlyList<string> ParseTrailerNames(string header) =>
        header.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
