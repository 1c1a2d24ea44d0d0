using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Authorization;

namespace MediaAspire.Api.Security;

/// <summary>Requires a scope of the sender, or a token in the query, which the endpoint checks.</summary>
internal sealed class TokenOrScopeRequirement(ApiScopes scope, string parameter)
    : AuthorizationHandler<TokenOrScopeRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, TokenOrScopeRequirement requirement)
    {
        if (context.Resource is HttpContext http
            && ((http.GetCaller().Scopes & scope) == scope || http.Request.Query.ContainsKey(parameter)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    public override string ToString() => $"{nameof(TokenOrScopeRequirement)}: {scope} or ?{parameter}=";
}
