using Microsoft.AspNetCore.Authorization;

namespace MediaAspire.Api.Security;

/// <summary>Denies every endpoint that has no policy of its own; lets routing answer that a path or method does not exist.</summary>
internal sealed class NoEndpointRequirement : AuthorizationHandler<NoEndpointRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, NoEndpointRequirement requirement)
    {
        if (context.Resource is HttpContext http && IsRejection(http.GetEndpoint()))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    // Routing answers 405 and 415 by endpoints of its own, which have neither a pattern nor metadata.
    private static bool IsRejection(Endpoint? endpoint) => endpoint is null or (not RouteEndpoint and { Metadata.Count: 0 });
}
