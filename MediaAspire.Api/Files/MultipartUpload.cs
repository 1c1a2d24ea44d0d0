using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Files;

/// <summary><c>POST /files</c> multipart/form-data: the part named <c>file</c> is the file; a field <c>sha256</c> is its hash.</summary>
/// <remarks>The form is streamed and never buffered, so the file is on the nodes before the fields after it are read.</remarks>
internal sealed class MultipartUpload(FileStore store, OwnerSelector owners, IOptions<FileOptions> options)
{
    // Room for boundaries, part headers and small fields beside the file itself.
    private const long FormOverheadBytes = 1024 * 1024;

    public async Task<Results<Created<FileResponse>, ProblemHttpResult>> StoreAsync(
        HttpRequest request, string? owner, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var mediaType)
            || !mediaType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return FileErrors.UnsupportedMediaType(request.ContentType);
        }

        if (HeaderUtilities.RemoveQuotes(mediaType.Boundary) is not { Length: >= 1 and <= 70 } boundary)
        {
            return FileErrors.MissingBoundary();
        }

        // Content-Digest covers the whole form here (RFC 9530), not the file in it: the form checks it.
        var headers = DeclaredDigests.Read(request.Headers, includeContentDigest: false);
        if (headers.Problem is not null)
        {
            return headers.Problem;
        }

        if (request.ContentLength > store.MaxSize + FormOverheadBytes)
        {
            return FileErrors.TooLarge(store.MaxSize);
        }

        var selected = await owners.SelectForWriteAsync(
            request.HttpContext.GetCaller(),
            owner,
            leastBytes: Math.Max(0, (request.ContentLength ?? 0) - FormOverheadBytes),
            objects: 1,
            cancellationToken);
        if (selected.Problem is not null)
        {
            return selected.Problem;
        }

        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = store.MaxSize + FormOverheadBytes;

        try
        {
            return await StoreAsync(request, boundary.ToString(), headers.Values, selected, cancellationToken);
        }
        catch (FileWriteException failure)
        {
            return FileErrors.WriteFailed(failure);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException and not BadHttpRequestException
            && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return FileErrors.MalformedMultipart(malformed.Message);
        }
    }

    private async Task<Results<Created<FileResponse>, ProblemHttpResult>> StoreAsync(
        HttpRequest request,
        string boundary,
        IReadOnlyList<Sha256Digest> declared,
        SelectedOwner owner,
        CancellationToken cancellationToken)
    {
        await using var form = new MultipartForm(request, boundary, owner, store, options.Value);
        if (await form.ReadAsync(cancellationToken) is { } problem)
        {
            return problem;
        }

        return await store.CommitAsync(form.Upload!, [.. declared, .. form.Declared], request.HttpContext.Response, cancellationToken);
    }
}
