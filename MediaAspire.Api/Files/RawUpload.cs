using MediaAspire.Api.Http;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;
using MediaAspire.Core.Files;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Files;

/// <summary><c>PUT /files?filename=</c>: the request's body is the file.</summary>
internal sealed class RawUpload(FileStore store, OwnerSelector owners, IOptions<FileOptions> options)
{
    private const string DefaultContentType = "application/octet-stream";

    public async Task<Results<Created<FileResponse>, ProblemHttpResult>> StoreAsync(
        HttpRequest request, string? filename, string? owner, CancellationToken cancellationToken)
    {
        if (Filename.Check(filename, options.Value.MaxFilenameBytes) is { } reason)
        {
            return FileErrors.InvalidFilename(reason);
        }

        if (!ContentTypes.TryNormalize(request.ContentType, DefaultContentType, out var contentType))
        {
            return FileErrors.InvalidContentType(request.ContentType!);
        }

        var digests = DeclaredDigests.Read(request.Headers, includeContentDigest: true);
        if (digests.Problem is not null)
        {
            return digests.Problem;
        }

        if (request.ContentLength > store.MaxSize)
        {
            return FileErrors.TooLarge(store.MaxSize);
        }

        var selected = await owners.SelectForWriteAsync(
            request.HttpContext.GetCaller(), owner, request.ContentLength ?? 0, objects: 1, cancellationToken);
        if (selected.Problem is not null)
        {
            return selected.Problem;
        }

        // The writer counts the bytes itself; the limit of Kestrel is far below a large file.
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;

        try
        {
            var file = new NewFile(filename!, contentType) { Length = request.ContentLength, Owner = selected.Owner };
            await using var upload = await store.ReceiveAsync(file, request.Body, selected.MaxBytes, cancellationToken);
            return await store.CommitAsync(upload, digests.Values, request.HttpContext.Response, cancellationToken);
        }
        catch (FileWriteException failure)
        {
            return FileErrors.WriteFailed(failure);
        }
    }
}
