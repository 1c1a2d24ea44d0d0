using System.Globalization;
using MediaAspire.Api.Http;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Files;
using MediaAspire.Core.Images;
using MediaAspire.Core.ObjectStore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Images;

/// <summary>The response to GET and HEAD of an original or a variant: all bytes, one range, or a problem.</summary>
/// <remarks>
/// A failure before the first byte is a problem document; after it the connection is aborted, so that a short body is not taken for
/// complete.
/// </remarks>
internal sealed partial class BlobDownload(ImageBlobs blobs, ImageBlob blob, ILogger logger) : IResult
{
    private static readonly TimeSpan s_longestAge = TimeSpan.FromDays(7);

    /// <summary>Gets the time of the last modification.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Gets a value indicating whether shared caches may keep the response.</summary>
    public required bool IsPublic { get; init; }

    /// <summary>Gets the time for which the address is valid; <see langword="null"/> for always. Caches keep no response longer.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Gets the response to a request whose bytes are lost.</summary>
    public required Func<ProblemHttpResult> Lost { get; init; }

    /// <summary>Gets the status; another one than 200 is sent whole, without conditions, ranges and caching.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.Headers.XContentTypeOptions = "nosniff";
        if (Status != StatusCodes.Status200OK)
        {
            response.Headers.CacheControl = "no-store";
            await SendAsync(httpContext, Status, new ByteRange(0, blob.Size));
            return;
        }

        var conditions = request.GetTypedHeaders();
        var tag = new EntityTagHeaderValue($"\"{blob.Sha256}\"");
        var lastModified = Preconditions.ToHttpDate(LastModified);
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = lastModified;
        response.Headers.CacheControl = CacheControl();
        response.Headers.AcceptRanges = "bytes";
        switch (EntityConditions.Evaluate(conditions, tag, lastModified))
        {
            case ConditionOutcome.NotModified:
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            case ConditionOutcome.PreconditionFailed:
                response.Headers.CacheControl = "no-store";
                await Problem.Of(
                    StatusCodes.Status412PreconditionFailed, "precondition-failed",
                    "The image does not meet the condition in If-Match or If-Unmodified-Since.").ExecuteAsync(httpContext);
                return;
        }

        // Several ranges at once are not worth a body of parts: the whole image is sent.
        var ranges = EntityConditions.AllowsRange(conditions, tag, lastModified)
            ? ByteRanges.Select(request.Headers.Range, blob.Size, maxRanges: 1)
            : null;
        switch (ranges)
        {
            case null:
                await SendAsync(httpContext, StatusCodes.Status200OK, new ByteRange(0, blob.Size));
                return;
            case [var range]:
                response.Headers.ContentRange = range.ToContentRange(blob.Size);
                await SendAsync(httpContext, StatusCodes.Status206PartialContent, range);
                return;
            default:
                response.Headers.ContentRange = $"bytes */{blob.Size}";
                response.Headers.CacheControl = "no-store";
                await Problem.Of(
                    StatusCodes.Status416RangeNotSatisfiable, "range-not-satisfiable",
                    $"The image has {blob.Size} bytes, and the range does not lie within it.").ExecuteAsync(httpContext);
                return;
        }
    }

    private string CacheControl()
    {
        var age = MaxAge is { } valid && valid < s_longestAge ? (valid > TimeSpan.Zero ? valid : TimeSpan.Zero) : s_longestAge;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(IsPublic ? "public" : "private")}, max-age={(long)age.TotalSeconds}, immutable");
    }

    private async Task SendAsync(HttpContext context, int status, ByteRange range)
    {
        var response = context.Response;
        var cancellationToken = context.RequestAborted;
        try
        {
            // HEAD is answered from the row alone.
            await using var bytes = HttpMethods.IsHead(context.Request.Method)
                ? null
                : await blobs.OpenAsync(blob, range.Offset, range.Length, cancellationToken);
            response.StatusCode = status;
            response.ContentType = blob.ContentType;
            response.ContentLength = range.Length;
            if (bytes is not null)
            {
                await bytes.SendAsync(response.BodyWriter, cancellationToken);
            }
        }
        catch (BlobMissingException missing) when (!response.HasStarted)
        {
            LogLost(logger, blob.Id.Value, missing.Message);
            response.Headers.ETag = response.Headers.LastModified = response.Headers.AcceptRanges = response.Headers.ContentRange = default;
            response.Headers.CacheControl = "no-store";
            await Lost().ExecuteAsync(context);
        }
        catch (Exception failure) when (response.HasStarted
            && failure is FileUnavailableException or BlobMissingException or ObjectStoreException or IOException
            && !cancellationToken.IsCancellationRequested)
        {
            LogAborted(logger, blob.Id.Value, failure.Message);
            context.Abort();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogClientDisconnected(logger, blob.Id.Value);
        }
    }

    [LoggerMessage(LogLevel.Error, "The bytes of blob {Blob} are lost: {Reason}")]
    private static partial void LogLost(ILogger logger, Guid blob, string reason);

    [LoggerMessage(LogLevel.Error, "Aborted the download of blob {Blob}: {Reason}")]
    private static partial void LogAborted(ILogger logger, Guid blob, string reason);

    [LoggerMessage(LogLevel.Debug, "The client disconnected during the download of blob {Blob}")]
    private static partial void LogClientDisconnected(ILogger logger, Guid blob);
}
