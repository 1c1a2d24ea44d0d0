using System.Globalization;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Cors;

/// <summary>Writes the headers that tell browsers what a page of another origin may do with a response.</summary>
internal sealed class CorsHeaders(CorsCache rules)
{
    /// <summary>Sets the headers for a request whose bucket is known. Errors have them too, so that the page can read the reason.</summary>
    public void Apply(S3Request request)
    {
        // A preflight request gets the headers with its response, or not at all.
        if (HttpMethods.IsOptions(request.Http.Request.Method))
        {
            return;
        }

        if (request.Header("Origin") is not { } origin || rules.Of(request.Bucket) is not { } configuration)
        {
            return;
        }

        var method = request.Header("Access-Control-Request-Method") ?? request.Http.Request.Method;
        if (configuration.Find(origin, method, []) is { } rule)
        {
            Write(request, rule, origin, []);
        }
    }

    /// <summary>Writes the headers of a rule for an origin.</summary>
    public static void Write(S3Request request, CorsRule rule, string origin, IReadOnlyCollection<string> askedHeaders)
    {
        var headers = request.Response.Headers;
        var anyOrigin = rule.Origins.Contains("*");
        headers.AccessControlAllowOrigin = anyOrigin ? "*" : origin;
        headers.AccessControlAllowMethods = string.Join(", ", rule.Methods);
        if (!anyOrigin)
        {
            headers.AccessControlAllowCredentials = "true";
        }

        if (askedHeaders.Count > 0)
        {
            headers.AccessControlAllowHeaders = string.Join(", ", askedHeaders);
        }

        if (rule.ExposedHeaders.Count > 0)
        {
            headers.AccessControlExposeHeaders = string.Join(", ", rule.ExposedHeaders);
        }

        if (rule.MaxAgeSeconds is { } seconds)
        {
            headers.AccessControlMaxAge = seconds.ToString(CultureInfo.InvariantCulture);
        }

        headers.Vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
    }
}
