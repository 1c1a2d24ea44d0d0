using System.Globalization;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Cors;

/// <summary>Tells browsers what a page of another origin may do with an answer.</summary>
internal static class CorsHeaders
{
    /// <summary>Sets the headers for a request whose bucket is known; errors carry them too, so that the page may read why.</summary>
    public static void Apply(S3Request request)
    {
        if (request.Header("Origin") is not { } origin || CorsConfiguration.Parse(request.Bucket.Document(BucketDocument.Cors)) is not { } configuration)
        {
            return;
        }

        var method = request.Header("Access-Control-Request-Method") ?? request.Http.Request.Method;
        if (configuration.Find(origin, method, []) is { } rule)
        {
            Write(request, rule, origin, method, []);
        }
    }

    /// <summary>Writes a rule's answer to an origin.</summary>
    public static void Write(S3Request request, CorsRule rule, string origin, string method, IReadOnlyCollection<string> askedHeaders)
    {
        var headers = request.Response.Headers;
        var anyOrigin = rule.Origins.Contains("*");
        headers.AccessControlAllowOrigin = anyOrigin ? "*" : origin;
        headers.AccessControlAllowMethods = method;
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
