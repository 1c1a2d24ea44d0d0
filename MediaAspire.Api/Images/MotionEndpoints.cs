using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Motion;
using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Images;

/// <summary>Videos of animations: <c>/images/{alias}/motion</c>.</summary>
internal static class MotionEndpoints
{
    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapMotions(this RouteGroupBuilder images) =>
        images.MapMethods("/{alias}/motion", s_reads, Get).WithName("GetImageMotion")
            .RequireAuthorization(Policies.ImagesReadOrPublic)
            .WithSummary("Get an animation as a video (MP4), or a video as it is; HEAD finds it once it is made")
            .ProducesBlob().ProducesProblems(400, 403, 404, 416, 422, 503);

    private static async Task<IResult> Get(
        HttpContext http,
        string alias,
        ImageAccess access,
        ImageMotions motions,
        ImageBlobs blobs,
        UrlSignatures signatures,
        IOptionsMonitor<VariantOptions> options,
        TimeProvider time,
        ILogger<BlobDownload> logger,
        CancellationToken cancellationToken)
    {
        if (ImageGrant.Read(http, signatures, out var pairs, out var grant) is { } refused)
        {
            return refused;
        }

        if (pairs is [var (unknown, _), ..])
        {
            return ImageErrors.InvalidQuery($"The parameter \"{unknown}\" is unknown. This route has none.");
        }

        var (found, problem) = await access.FindAsync(http, alias, grant.IsSigned, cancellationToken);
        if (found is null)
        {
            return problem!;
        }

        var image = found.Image;
        if (ImageFormats.IsVideo(image.Details.Format))
        {
            return Download(image.Blob);
        }

        if (image.Details.Frames == 1)
        {
            return VariantErrors.NoMotion(found.Alias);
        }

        // As with variants, HEAD makes nothing.
        if (image.Motion is null && HttpMethods.IsHead(http.Request.Method))
        {
            return VariantErrors.NotMade(found.Alias);
        }

        var result = await motions.GetAsync(image.Id, options.CurrentValue.WaitLimit, cancellationToken);
        return result.Outcome switch
        {
            MotionOutcome.Made => Download(result.Blob!),
            MotionOutcome.Failed => VariantErrors.Of(result.Failure!),
            MotionOutcome.Pending => VariantErrors.Pending(),
            MotionOutcome.Busy => VariantErrors.Busy(),
            _ => ImageErrors.AliasNotFound(found.Alias),
        };

        BlobDownload Download(ImageBlob blob) => new(blobs, blob, logger)
        {
            LastModified = image.CreatedAt,
            IsPublic = access.IsPublic || grant.IsSigned,
            MaxAge = grant.ExpiresAt - time.GetUtcNow(),
            Lost = () => ImageErrors.LostFile(found.Alias),
        };
    }
}
