using Microsoft.AspNetCore.Http.Features;

namespace MediaAspire.Api.Media;

/// <summary>Reads segments of a path exactly as the client encoded them.</summary>
/// <remarks>Route values keep <c>%2F</c> encoded, so that a slash in a value could not be told from those three characters.</remarks>
internal static class PathSegments
{
    /// <summary>Decodes a segment of the request's path.</summary>
    /// <param name="http">The request.</param>
    /// <param name="index">The segment, from 0.</param>
    /// <returns>The text; <see langword="null"/> when the path has no such segment, or the segment is not UTF-8.</returns>
    public static string? Decode(HttpContext http, int index)
    {
        var path = PathOf(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        foreach (var range in path.Split('/'))
        {
            // Before the first slash is nothing.
            if (index-- < 0)
            {
                var text = Uri.UnescapeDataString(path[range].ToString());
                return text.Contains('\uFFFD', StringComparison.Ordinal) || IsBroken(text) ? null : text;
            }
        }

        return null;
    }

    // Octets that are not UTF-8 stay encoded.
    private static bool IsBroken(string text) => !Core.Media.MediaText.IsStorable(text);

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target)
    {
        if (!target.StartsWith("/", StringComparison.Ordinal) && target.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
        {
            var rest = target[(scheme + 3)..];
            var slash = rest.IndexOf('/');
            target = slash < 0 ? "/" : rest[slash..];
        }

        var end = target.IndexOfAny('?', '#');
        return end < 0 ? target : target[..end];
    }
}
