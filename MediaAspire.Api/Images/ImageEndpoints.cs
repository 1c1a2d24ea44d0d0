using MediaAspire.Api.Audit;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;

namespace MediaAspire.Api.Images;

/// <summary>HTTP surface of images: <c>/images</c> and <c>/admin/images</c>. A table of contents.</summary>
internal static class ImageEndpoints
{
    public static IEndpointRouteBuilder MapImages(this IEndpointRouteBuilder routes)
    {
        var images = routes.MapGroup("/images").WithTags("Images").WithAuditedProblems().WithQuotaProblems();
        var admin = routes.MapGroup("/admin/images").WithTags("Images").RequireAuthorization(Policies.Admin).WithAuditedProblems();

        // One line for each file of routes.
        images.MapUploads();
        images.MapUrlUploads();
        images.MapProxy();
        images.MapReads();
        images.MapAliases();
        images.MapVariants();
        images.MapMotions();
        images.MapSigning();
        images.MapImgproxy();
        admin.MapRepository();
        admin.MapMaintenance();
        admin.MapMigration();

        return routes;
    }
}
