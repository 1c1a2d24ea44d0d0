using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Authorization;

namespace MediaAspire.Api.Security;

/// <summary>Requires one of several scopes of the sender, or a token in the query, which the endpoint checks.</summary>
internal sealed class AnyScopeRequirement(IReadOnlyList<ApiScopes> scopes, string parameter)
    : AuthorizationHandler<AnyScopeRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AnyScopeRequirement requirement)
    {
        if (context.Resource is HttpContext http
            && (scopes.Any(scope => (http.GetCaller().Scopes & scope) == scope) || http.Request.Query.ContainsKey(parameter)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    public override string ToString() => $"{nameof(AnyScopeRequirement)}: {string.Join(" or ", scopes)} or ?{parameter}=";
}
