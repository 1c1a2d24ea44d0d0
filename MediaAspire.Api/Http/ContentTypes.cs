using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Http;

internal static class ContentTypes
{
    /// <summary>Checks a declared media type; a missing one becomes <paramref name="fallback"/>.</summary>
    public static bool TryNormalize(string? declared, string fallback, out string contentType)
    {
        contentType = fallback;
        if (string.IsNullOrWhiteSpace(declared))
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(declared, out var parsed) || parsed.MatchesAllTypes || parsed.MatchesAllSubTypes)
        {
            return false;
        }

        contentType = parsed.ToString();
        return contentType.Length <= 255;
    }
}
