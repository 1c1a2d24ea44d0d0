using MediaAspire.Api.Audit;
using MediaAspire.Api.Requests;
using MediaAspire.Api.Security;

namespace MediaAspire.Api.Admin;

/// <summary>The routes for operators: <c>/admin</c>. A table of contents.</summary>
internal static class AdminEndpoints
{
    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin").WithTags("Admin").RequireAuthorization(Policies.Admin).WithAuditedProblems();

        admin.MapCluster();
        admin.MapNodes();
        admin.MapTrash();
        admin.MapRing();
        admin.MapDuties();
        admin.MapJobs();
        admin.MapRequests();
        admin.MapIntegrity();
        admin.MapRebalance();
        admin.MapScrub();
        admin.MapOwners();
        admin.MapApiKeys();
        admin.MapAccessKeys();
        admin.MapKeyLimits();
        admin.MapBuckets();
        admin.MapObjectLocks();
        admin.MapQuotas();
        admin.MapSecretsKeys();
        admin.MapAuditEvents();
        admin.MapMediaAudit();
        admin.MapMetadata();
        admin.MapNotifications();

        return routes;
    }
}
