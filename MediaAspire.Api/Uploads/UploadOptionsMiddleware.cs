using System.Globalization;

namespace MediaAspire.Api.Uploads;

/// <summary>Answers <c>OPTIONS</c>: the preflight requests of browsers, and questions for what this server supports.</summary>
/// <remarks>Not an endpoint with a policy: "a preflight request never includes credentials" (Fetch, 4.8). It tells settings only.</remarks>
internal sealed class UploadOptionsMiddleware(RequestDelegate next, UploadLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsOptions(context.Request.Method) || !UploadProtocolMiddleware.IsUpload(context.Request))
        {
            return next(context);
        }

        // "the Server MUST ignore the header" Tus-Resumable.
        var headers = context.Response.Headers;
        headers[UploadHeaders.TusResumable] = UploadHeaders.TusVersion;
        headers[UploadHeaders.TusVersions] = UploadHeaders.TusVersion;
        headers[UploadHeaders.TusExtension] = UploadHeaders.Extensions;
        headers[UploadHeaders.TusMaxSize] = limits.MaxSize.ToString(CultureInfo.InvariantCulture);
        headers[UploadHeaders.TusChecksumAlgorithm] = DeclaredChecksum.Algorithms;
        headers[UploadHeaders.Limit] = limits.Describe();
        headers["Accept-Patch"] = $"{UploadHeaders.PartialUpload}, {UploadHeaders.TusContentType}";
        headers.Allow = "DELETE, GET, HEAD, OPTIONS, PATCH, POST";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
