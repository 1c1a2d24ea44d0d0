using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Http;

/// <summary>Reads the name that a client gives a file in a form.</summary>
internal static class MultipartFilename
{
    /// <returns>The name; empty when it is missing.</returns>
    // filename* is UTF-8 by its own syntax; filename is quoted, and browsers and curl escape quotes within it.
    public static string Of(ContentDispositionHeaderValue disposition) =>
        disposition.FileNameStar.HasValue
            ? disposition.FileNameStar.ToString()
            : HeaderUtilities.UnescapeAsQuotedString(disposition.FileName).ToString().Replace("%22", "\"", StringComparison.Ordinal);
}
