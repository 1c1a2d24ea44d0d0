using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Console;

/// <summary>Sends the static files of the console.</summary>
internal static class ConsolePages
{
    private const string Forever = "public, max-age=31536000, immutable";

    // The page names the assets of its version, so a browser has to ask for it again.
    private const string Revalidated = "no-cache";

    /// <summary>Sends the file that a path shows.</summary>
    public static Task SendAsync(HttpContext http, ConsoleFiles files)
    {
        var response = http.Response;
        if (files.Find(http.GetRouteValue("path") as string) is not { } file)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var (encoding, bytes) = Choose(file, http.Request.Headers.AcceptEncoding);
        var tag = new EntityTagHeaderValue($"\"{file.Tag}{(encoding is null ? "" : "-" + encoding)}\"");
        response.Headers.ETag = tag.ToString();
        response.Headers.CacheControl = file.IsImmutable ? Forever : Revalidated;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (IsHeld(http.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    private static (string? Encoding, byte[] Bytes) Choose(ConsoleFile file, StringValues accepted)
    {
        var values = StringWithQualityHeaderValue.TryParseList(accepted, out var parsed) ? parsed : [];
        return file.Brotli is { } brotli && Accepts("br") ? ("br", brotli)
            : file.Gzip is { } gzip && Accepts("gzip") ? ("gzip", gzip)
            : (null, file.Plain);

        bool Accepts(string encoding) => values.Any(value =>
            value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
    }

    private static bool IsHeld(StringValues tags, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList(tags, out var held)
        && held.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
}
