using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Authorization;

namespace MediaAspire.Api.Security;

/// <summary>Requires a scope of the sender.</summary>
internal sealed class ScopeRequirement(ApiScopes scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.Resource is HttpContext http && (http.GetCaller().Scopes & scope) == scope)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    public override string ToString() => $"{nameof(ScopeRequirement)}: {scope}";
}
