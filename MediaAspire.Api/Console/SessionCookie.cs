using MediaAspire.Core.Sessions;

namespace MediaAspire.Api.Console;

/// <summary>The cookie of a session.</summary>
/// <remarks>
/// Browsers send a cookie to every port of its host, so its name has the port: two servers on one machine would otherwise end each other's
/// sessions. Over TLS, the prefix <c>__Host-</c> keeps servers of other host names from setting it.
/// </remarks>
internal static class SessionCookie
{
    private const string Name = "mediaaspire-console";
    private const string SecurePrefix = "__Host-";

    /// <summary>Reads the session of a request.</summary>
    /// <returns>
    /// <see langword="false"/> when there is no cookie; the token is <see langword="null"/> when the cookie is malformed.
    /// </returns>
    public static bool TryRead(HttpRequest request, out SessionToken? token)
    {
        token = null;

        // Most requests are from programs, and have no cookie.
        if (request.Headers.Cookie.Count == 0 || !request.Cookies.TryGetValue(NameOf(request), out var secret))
        {
            return false;
        }

        token = SessionToken.TryParse(secret, out var parsed) ? parsed : null;
        return true;
    }

    public static void Set(HttpContext http, string secret, TimeSpan lifetime)
    {
        var options = Options(http.Request);
        options.MaxAge = lifetime;
        http.Response.Cookies.Append(NameOf(http.Request), secret, options);
    }

    public static void Remove(HttpContext http) => http.Response.Cookies.Delete(NameOf(http.Request), Options(http.Request));

    private static string NameOf(HttpRequest request)
    {
        var name = request.Host.Port is { } port ? $"{Name}-{port}" : Name;
        return request.IsHttps ? SecurePrefix + name : name;
    }

    private static CookieOptions Options(HttpRequest request) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Strict,
        IsEssential = true,
    };
}
