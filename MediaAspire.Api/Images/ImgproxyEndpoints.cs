using MediaAspire.Api.Limits;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Imgproxy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Images;

/// <summary>Variants in imgproxy's form: <c>/images/imgproxy/{signature}/{options}/{source}</c>.</summary>
internal static class ImgproxyEndpoints
{
    private const string Prefix = "/images/imgproxy/";

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapImgproxy(this RouteGroupBuilder images) =>
        images.MapMethods("/imgproxy/{**path}", s_reads, Get).WithName("GetImgproxyVariant")
            .RequireAuthorization(Policies.ImagesReadOrPublic).LimitTransfers()
            .WithSummary("Get a variant by an address as imgproxy has it")
            .ProducesBlob().ProducesProblems(400, 403, 404, 422, 503);

    private static async Task<IResult> Get(
        HttpContext http,
        VariantReads variants,
        ImageAccess access,
        ImageDownloads downloads,
        ImgproxySignatures signatures,
        ImgproxyParser parser,
        ProxyFlow proxy,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        // Without keys the signature means nothing, and the sender needs another right.
        var path = ImgproxyPath.Split(RawPath(http));
        var isSigned = path is not null && signatures.HasKeys && signatures.IsValid(path.Signature, path.Path);
        if (variants.Authorize(http, new ImageGrant(isSigned, null)) is { } unknown)
        {
            return path is not null && signatures.HasKeys ? VariantErrors.InvalidSignature() : unknown;
        }

        if (path is null)
        {
            return VariantErrors.Of(ImgproxyPath.Unreadable("it has no signature, or nothing after it"));
        }

        if (signatures.HasKeys && !isSigned)
        {
            return VariantErrors.InvalidSignature();
        }

        if (parser.Read(path, out var request) is { } fault)
        {
            return VariantErrors.Of(fault);
        }

        var grant = new ImageGrant(isSigned, request!.ExpiresAt);
        if (request.Wish.HasAutomaticFormat)
        {
            http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        }

        if (variants.Refuse(request.Wish, grant) is { } refused)
        {
            return refused;
        }

        ImageAlias alias;
        if (request.Source.Contains("://", StringComparison.Ordinal))
        {
            // Fetching from other servers is a right of its own, which a signature gives as well: the whole address is signed.
            if (!isSigned && (http.GetCaller().Scopes & ApiScopes.ImagesWrite) != ApiScopes.ImagesWrite)
            {
                return VariantErrors.UnsignedSource(request.Source);
            }

            var (image, freshFor, missing) = await proxy.FindAsync(
                http, request.Source, HttpMethods.IsGet(http.Request.Method), cancellationToken);
            if (image is null)
            {
                return missing!;
            }

            // The content of an alias never changes, but that of an address does: caches look again when it may have.
            alias = image.Alias;
            var freshUntil = time.GetUtcNow() + freshFor;
            grant = grant with { ExpiresAt = grant.ExpiresAt < freshUntil ? grant.ExpiresAt : freshUntil };
        }
        else if (!ImageAlias.TryParse(request.Source, out alias))
        {
            return VariantErrors.Of(ImgproxyPath.Unreadable("its source is not an alias"));
        }

        if (request.IsAttachment || request.Filename is not null)
        {
            var disposition = new ContentDispositionHeaderValue(request.IsAttachment ? "attachment" : "inline");
            disposition.SetHttpFileName(request.Filename ?? request.Source);
            http.Response.Headers.ContentDisposition = disposition.ToString();
        }

        if (!request.IsRaw)
        {
            return await variants.GetAsync(http, alias, request.Wish, grant, cancellationToken);
        }

        var (found, problem) = await access.FindAsync(http, alias.Value, grant.IsSigned, cancellationToken);
        return found is null ? problem! : downloads.Of(found, grant: grant);
    }

    /// <summary>Gets the path as it was sent: what was signed is encoded.</summary>
    private static string RawPath(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', 2)[0];
        var start = path.IndexOf(Prefix, StringComparison.Ordinal);
        return start < 0 ? "" : path[(start + Prefix.Length)..];
    }
}
