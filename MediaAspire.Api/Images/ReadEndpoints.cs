using MediaAspire.Api.Limits;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Images.Signing;

namespace MediaAspire.Api.Images;

/// <summary>Reading originals and their properties: <c>/images/{alias}</c>.</summary>
internal static class ReadEndpoints
{
    public static void MapReads(this RouteGroupBuilder images)
    {
        images.MapMethods("/{alias}", [HttpMethods.Get, HttpMethods.Head], Get).WithName("GetImage")
            .RequireAuthorization(Policies.ImagesReadOrPublic).LimitTransfers()
            .WithSummary("Get the original of an image, or a range of it")
            .ProducesBlob().ProducesProblems(400, 404, 416, 503);
        images.MapGet("/{alias}/details", GetDetails).WithName("GetImageDetails").RequireAuthorization(Policies.ImagesReadOrPublic)
            .WithSummary("Get the properties of an image")
            .Produces<ImageDetailsResponse>().ProducesProblems(400, 404);
        images.MapGet("/{alias}/blurhash", GetBlurHash).WithName("GetImageBlurHash").RequireAuthorization(Policies.ImagesReadOrPublic)
            .WithSummary("Get a preview of an image as a short text")
            .Produces<BlurHashResponse>().ProducesProblems(400, 404);
    }

    private static async Task<IResult> Get(
        HttpContext http,
        string alias,
        ImageAccess access,
        ImageDownloads downloads,
        NotFoundImage notFound,
        UrlSignatures signatures,
        CancellationToken cancellationToken)
    {
        if (ImageGrant.Read(http, signatures, out _, out var grant) is { } refused)
        {
            return refused;
        }

        var (found, problem) = await access.FindAsync(http, alias, grant.IsSigned, cancellationToken);
        if (found is not null)
        {
            return downloads.Of(found, grant: grant);
        }

        return problem is IStatusCodeHttpResult { StatusCode: StatusCodes.Status404NotFound }
            && await notFound.FindAsync(cancellationToken) is { } standIn
                ? downloads.Of(standIn, StatusCodes.Status404NotFound)
                : problem!;
    }

    private static async Task<IResult> GetDetails(
        HttpContext http, string alias, ImageAccess access, CancellationToken cancellationToken)
    {
        var (found, problem) = await access.FindAsync(http, alias, isSigned: false, cancellationToken);
        return found is null ? problem! : TypedResults.Ok(ImageDetailsResponse.Of(found.Image));
    }

    private static async Task<IResult> GetBlurHash(
        HttpContext http, string alias, ImageAccess access, CancellationToken cancellationToken)
    {
        var (found, problem) = await access.FindAsync(http, alias, isSigned: false, cancellationToken);
        return found switch
        {
            null => problem!,
            { Image.Details.BlurHash: { } blurHash } => TypedResults.Ok(new BlurHashResponse("ok", blurHash)),
            _ => ImageErrors.NoBlurHash(found.Alias),
        };
    }
}
