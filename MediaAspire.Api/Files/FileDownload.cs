using MediaAspire.Api.Http;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Files;

/// <summary>The response to GET and HEAD of a file: the whole file, one range or several, or a problem.</summary>
/// <remarks>
/// A failure before the first byte is a problem document; after it the connection is aborted, so that a short body is not taken for
/// complete.
/// </remarks>
internal sealed partial class FileDownload(StoredFile file, FileReader reader, int maxRanges, ILogger logger) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var conditions = request.GetTypedHeaders();
        var tag = FileTags.Of(file.Id, file.Sha256);
        var lastModified = FileTags.LastModifiedOf(file);

        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = lastModified;
        headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        response.Headers.AcceptRanges = "bytes";

        switch (EntityConditions.Evaluate(conditions, tag, lastModified))
        {
            case ConditionOutcome.NotModified:
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            case ConditionOutcome.PreconditionFailed:
                await FileErrors.PreconditionFailed().ExecuteAsync(httpContext);
                return;
        }

        var ranges = EntityConditions.AllowsRange(conditions, tag, lastModified)
            ? ByteRanges.Select(request.Headers.Range, file.Size, maxRanges)
            : null;
        if (ranges is { Count: 0 })
        {
            response.Headers.ContentRange = $"bytes */{file.Size}";
            await FileErrors.RangeNotSatisfiable(file.Size).ExecuteAsync(httpContext);
            return;
        }

        DescribeContent(response);
        await SendAsync(httpContext, ranges);
    }

    private void DescribeContent(HttpResponse response)
    {
        // Files come from users: a browser must not run them in this origin, nor guess another type.
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.Filename);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentType = file.ContentType;
    }

    private Task SendAsync(HttpContext context, IReadOnlyList<ByteRange>? ranges)
    {
        switch (ranges)
        {
            case null:
                context.Response.ContentLength = file.Size;
                return SendRangeAsync(context, new ByteRange(0, file.Size));

            case [var range]:
                context.Response.StatusCode = StatusCodes.Status206PartialContent;
                context.Response.Headers.ContentRange = range.ToContentRange(file.Size);
                context.Response.ContentLength = range.Length;
                return SendRangeAsync(context, range);

            default:
                return SendPartsAsync(context, new MultipartByteRanges(file, ranges));
        }
    }

    private async Task SendPartsAsync(HttpContext context, MultipartByteRanges parts)
    {
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.ContentType = parts.ContentType;
        context.Response.ContentLength = parts.ContentLength;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        foreach (var (range, header) in parts.Parts)
        {
            if (!await SendRangeAsync(context, range, header))
            {
                return;
            }
        }

        await context.Response.BodyWriter.WriteAsync(parts.Ending, context.RequestAborted);
    }

    /// <returns><see langword="true"/> when all of the range was sent.</returns>
    private async Task<bool> SendRangeAsync(HttpContext context, ByteRange range, ReadOnlyMemory<byte> header = default)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return true;
        }

        var cancellationToken = context.RequestAborted;
        try
        {
            // Nothing is written before the first bytes have arrived: until then a failure still gets a status.
            await using var bytes = await reader.OpenAsync(file, range.Offset, range.Length, cancellationToken);
            if (!header.IsEmpty)
            {
                await context.Response.BodyWriter.WriteAsync(header, cancellationToken);
            }

            await bytes.SendAsync(context.Response.BodyWriter, cancellationToken);
            return bytes.IsSent;
        }
        catch (FileUnavailableException unavailable) when (context.Response.HasStarted)
        {
            LogAborted(logger, file.Id, unavailable.Message);
            context.Abort();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogClientDisconnected(logger, file.Id);
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Aborted the download of file {FileId}: {Reason}")]
    private static partial void LogAborted(ILogger logger, FileId fileId, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client disconnected during the download of file {FileId}")]
    private static partial void LogClientDisconnected(ILogger logger, FileId fileId);
}
