using MediaAspire.Api.Http;
using MediaAspire.Core.Files;
using MediaAspire.Core.Objects;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Admin;

/// <summary>The response with the bytes of an object: all of them, or one range.</summary>
/// <remarks>
/// A failure before the first byte is a problem document; after it the connection is aborted, so that a short body is not taken for
/// complete.
/// </remarks>
internal sealed partial class ObjectDownload(LocatedObject located, ObjectReader reader, ILogger logger) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response, version) = (httpContext.Request, httpContext.Response, located.Version);
        var conditions = request.GetTypedHeaders();
        var tag = new EntityTagHeaderValue($"\"{version.ETag}\"");
        var lastModified = new DateTimeOffset(version.ModifiedAt.Ticks - (version.ModifiedAt.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

        var headers = response.GetTypedHeaders();
        (headers.ETag, headers.LastModified) = (tag, lastModified);
        headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        response.Headers.AcceptRanges = "bytes";
        switch (EntityConditions.Evaluate(conditions, tag, lastModified))
        {
            case ConditionOutcome.NotModified:
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            case ConditionOutcome.PreconditionFailed:
                await BucketErrors.PreconditionFailed().ExecuteAsync(httpContext);
                return;
        }

        // A browser that continues a download asks for one range.
        var ranges = EntityConditions.AllowsRange(conditions, tag, lastModified)
            ? ByteRanges.Select(request.Headers.Range, version.Size, maxRanges: 1)
            : null;
        if (ranges is [])
        {
            response.Headers.ContentRange = $"bytes */{version.Size}";
            await BucketErrors.RangeNotSatisfiable(version.Size).ExecuteAsync(httpContext);
            return;
        }

        await SendAsync(httpContext, ranges is [var one] ? one : null);
    }

    private async Task SendAsync(HttpContext context, ByteRange? selected)
    {
        var (response, size, cancellationToken) = (context.Response, located.Version.Size, context.RequestAborted);
        var range = selected ?? new ByteRange(0, size);
        try
        {
            // Nothing is written before the first bytes have arrived: until then a failure still gets a status.
            await using var bytes = await reader.OpenAsync(located, range.Offset, range.Length, cancellationToken);
            DescribeContent(response);
            response.ContentLength = range.Length;
            if (selected is not null)
            {
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = range.ToContentRange(size);
            }

            await bytes.SendAsync(response.BodyWriter, cancellationToken);
        }
        catch (FileUnavailableException unavailable) when (response.HasStarted)
        {
            LogAborted(logger, located.Version.Id.ToString(), unavailable.Message);
            context.Abort();
        }
    }

    private void DescribeContent(HttpResponse response)
    {
        var attributes = located.Version.Attributes;

        // Objects come from users: a browser must not run them in this origin, nor guess another type.
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(FilenameOf(located.Version.Key));
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentType = attributes.ContentType;
        if (attributes.Headers.GetValueOrDefault("content-encoding") is { } encoding)
        {
            response.Headers.ContentEncoding = encoding;
        }
    }

    private static string FilenameOf(string key)
    {
        var name = key.TrimEnd('/');
        name = name[(name.LastIndexOf('/') + 1)..];
        return name.Length == 0 ? "object" : name.Replace('\\', '_');
    }

    [LoggerMessage(LogLevel.Error, "Aborted the download of object version {Version}: {Reason}")]
    private static partial void LogAborted(ILogger logger, string version, string reason);
}
