using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Console;

/// <summary>
/// Tells requests of the console's own pages from those that another page makes a browser send with the session's cookie.
/// </summary>
/// <remarks>
/// The cookie is <c>SameSite=Strict</c>, but a site is a host without its port: a page of another server on the same machine is of the same
/// site. It can neither add the header without a preflight, which is refused, nor choose what the browser states of its origin.
/// </remarks>
internal static class ConsoleRequests
{
    public const string Header = "X-MediaAspire-Console";

    private const string FetchSite = "Sec-Fetch-Site";
    private const string SameOrigin = "same-origin";

    /// <summary>Determines whether a request may use a session: every read, and changes by the console's own pages.</summary>
    public static bool MayUseSession(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
        || IsOwn(request);

    /// <summary>Determines whether the console's own pages have sent a request.</summary>
    public static bool IsOwn(HttpRequest request)
    {
        if (request.Headers[Header] is not ["1"])
        {
            return false;
        }

        // Browsers state it to secure addresses and to this machine; and the origin with every request that may change something.
        return request.Headers.TryGetValue(FetchSite, out var site)
            ? site is [SameOrigin]
            : request.Headers.TryGetValue(HeaderNames.Origin, out var origins) && origins is [{ } origin] && IsOwn(origin, request);
    }

    // Without the scheme, which a proxy that ends TLS changes.
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
