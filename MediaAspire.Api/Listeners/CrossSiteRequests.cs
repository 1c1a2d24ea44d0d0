using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Listeners;

/// <summary>Requests that a browser sends for a page of another site, and that would change something.</summary>
/// <remarks>
/// Such a page cannot add an API key without a preflight, which is refused. This is the second defence, and the only one of a server
/// whose authorization is turned off. Browsers send <c>Sec-Fetch-Site</c> to secure addresses and to this machine, and <c>Origin</c> with
/// every request that may change something; other clients send neither. An area may allow origins, by <see cref="AllowedOrigin"/>.
/// </remarks>
internal static class CrossSiteRequests
{
    private const string FetchSite = "Sec-Fetch-Site";

    public static bool IsOne(HttpRequest request)
    {
        var method = request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)
            || request.HttpContext.Features.Get<AllowedOrigin>() is not null)
        {
            return false;
        }

        if (request.Headers.TryGetValue(FetchSite, out var site))
        {
            // "none" is a request of the user: typed or from a bookmark.
            return site.Count != 1 || site[0] is not ("same-origin" or "none");
        }

        return request.Headers.TryGetValue(HeaderNames.Origin, out var origin) && !IsOwn(origin, request);
    }

    private static bool IsOwn(string? origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
