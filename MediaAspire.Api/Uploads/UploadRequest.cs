using System.Globalization;
using MediaAspire.Api.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Uploads;

/// <summary>Reads the parts of requests on uploads that both protocols have.</summary>
internal static class UploadRequest
{
    private const string NumberRule = "a whole number of bytes, from 0";

    /// <summary>Determines whether a request may have bytes in its body.</summary>
    public static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0
        || (request.ContentLength is null
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true });

    /// <summary>Determines whether a request has no byte in its body. When its length is unknown, a byte is read and lost.</summary>
    public static async Task<bool> IsEmptyAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.ContentLength is { } length
            ? length == 0
            : !HasBody(request) || await request.Body.ReadAsync(new byte[1], cancellationToken) == 0;

    /// <summary>Removes the server's limit on the length of the body: uploads count the bytes themselves.</summary>
    public static void AllowLongBody(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;

    /// <summary>Reads a number of tus, which has digits only.</summary>
    public static bool TryReadNumber(StringValues header, out long value)
    {
        value = 0;
        return header is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Creates the problem of a header that has no number of tus.</summary>
    public static ProblemHttpResult InvalidNumber(string name, StringValues header) =>
        UploadErrors.InvalidHeader(name, header.Count == 0 ? null : header.ToString(), NumberRule);

    /// <summary>Reads a number of the IETF's protocol. A field with another value counts as missing.</summary>
    public static long? ReadInteger(StringValues field) =>
        StructuredFields.TryReadInteger(field, out var value) && value >= 0 ? value : null;

    /// <summary>Reads a truth value of the IETF's protocol. A field with another value counts as missing.</summary>
    public static bool? ReadBoolean(StringValues field) => StructuredFields.TryReadBoolean(field, out var value) ? value : null;

    /// <summary>Determines whether the content of a request has a media type, whatever its parameters.</summary>
    public static bool HasContentType(HttpRequest request, string expected) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(expected, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the filename of <c>Content-Disposition</c>: the extended form outweighs the plain one (RFC 6266).</summary>
    public static string? ReadFilename(HttpRequest request)
    {
        if (!ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition))
        {
            return null;
        }

        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
        return StringSegment.IsNullOrEmpty(name) ? null : name.ToString();
    }
}
