using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Authorization;

namespace MediaAspire.Api.Security;

/// <summary>Requires a scope of a sender with a key, and nothing of one without. A key that was refused is not taken for none.</summary>
internal sealed class PublicReadRequirement(ApiScopes scope) : AuthorizationHandler<PublicReadRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PublicReadRequirement requirement)
    {
        if (context.Resource is HttpContext http && ((http.GetCaller().Scopes & scope) == scope || !HasKey(http)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    public override string ToString() => $"{nameof(PublicReadRequirement)}: {scope}";

    private static bool HasKey(HttpContext http) => !ApiKeyHeaders.TryRead(http.Request.Headers, out var text) || text is not null;
}
