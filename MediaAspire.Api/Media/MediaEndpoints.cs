using MediaAspire.Api.Audit;
using MediaAspire.Api.Ownership;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Media;

/// <summary>HTTP surface of the media catalog: <c>/media</c>. A table of contents.</summary>
internal static class MediaEndpoints
{
    public static IEndpointRouteBuilder MapMedia(this IEndpointRouteBuilder routes)
    {
        var media = routes.MapGroup("/media").WithTags("Media").WithAuditedProblems().WithQuotaProblems()
            .WithMetadata(new RequestSizeLimitAttribute(MediaBody.MaxBytes));

        media.MapUploads();
        media.MapProcessing();
        media.MapReport();
        media.MapEvents();
        media.MapSearch();
        media.MapItems();
        media.MapDownloads();
        media.MapVariants();
        media.MapItemChanges();
        media.MapShares();
        routes.MapSharedMedia();

        return routes;
    }
}
