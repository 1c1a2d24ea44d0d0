using System.Globalization;
using MediaAspire.Api.Listeners;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Uploads;

/// <summary>Applies the rules of uploads on methods and origins, before other middleware judges these.</summary>
internal sealed class UploadProtocolMiddleware(RequestDelegate next, IOptions<CrossOriginOptions> options)
{
    // Browsers show a page no other headers of a response.
    private static readonly string s_exposed = string.Join(
        ", ",
        HeaderNames.Location, HeaderNames.RetryAfter, UploadHeaders.TusResumable, UploadHeaders.TusVersions, UploadHeaders.TusExtension,
        UploadHeaders.TusMaxSize, UploadHeaders.TusChecksumAlgorithm, UploadHeaders.Offset, UploadHeaders.Length,
        UploadHeaders.DeferLength, UploadHeaders.Metadata, UploadHeaders.Expires, UploadHeaders.Concat, UploadHeaders.Complete,
        UploadHeaders.Limit, UploadHeaders.Result, UploadHeaders.ReprDigest, HeaderNames.ETag);

    private static readonly string s_allowed = string.Join(
        ", ",
        "X-Api-Key", HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.ContentDisposition, UploadHeaders.TusResumable,
        UploadHeaders.Offset, UploadHeaders.Length, UploadHeaders.DeferLength, UploadHeaders.Metadata, UploadHeaders.Checksum,
        UploadHeaders.Concat, UploadHeaders.Complete, UploadHeaders.InteropVersion, UploadHeaders.ContentDigest, UploadHeaders.ReprDigest,
        UploadHeaders.WantReprDigest, UploadHeaders.MethodOverride, "X-Requested-With", "X-Request-ID");

    private static readonly string[] s_methods =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options];

    public Task InvokeAsync(HttpContext context)
    {
        if (!IsUpload(context.Request))
        {
            return next(context);
        }

        var request = context.Request;
        if (request.Headers.TryGetValue(UploadHeaders.MethodOverride, out var method))
        {
            // "The actual method of the request MUST be ignored." One that is unknown here is refused by routing.
            request.Method = s_methods.FirstOrDefault(known => known.Equals(method, StringComparison.OrdinalIgnoreCase)) ?? "UNKNOWN";
        }

        if (options.Value.Origins.Count > 0)
        {
            AllowOrigin(context);
        }

        return next(context);
    }

    public static bool IsUpload(HttpRequest request) =>
        request.Path.StartsWithSegments("/uploads", StringComparison.OrdinalIgnoreCase);

    private void AllowOrigin(HttpContext context)
    {
        // A cache must not give the answer for one origin to another.
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin]
            || !(options.Value.Origins.Contains(CrossOriginOptions.Any) || options.Value.Origins.Contains(origin)))
        {
            return;
        }

        context.Features.Set(AllowedOrigin.Mark);
        context.Response.OnStarting(
            static state =>
            {
                var (context, origin, maxAge) = ((HttpContext, string, TimeSpan))state;
                var headers = context.Response.Headers;
                headers.AccessControlAllowOrigin = origin;
                headers.AccessControlExposeHeaders = s_exposed;
                if (HttpMethods.IsOptions(context.Request.Method))
                {
                    headers.AccessControlAllowMethods = string.Join(", ", s_methods);
                    headers.AccessControlAllowHeaders = s_allowed;
                    headers.AccessControlMaxAge = ((long)maxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                }

                return Task.CompletedTask;
            },
            (context, origin, options.Value.MaxAge));
    }
}
