using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Audit;

internal static class AuditExtensions
{
    /// <summary>Records changes and refusals; must come before authentication. Needs the audit log.</summary>
    public static IApplicationBuilder UseAudit(this IApplicationBuilder app) => app.UseMiddleware<AuditMiddleware>();

    /// <summary>Has the audit log contain the codes of the problems that routes return.</summary>
    public static RouteGroupBuilder WithAuditedProblems(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(async (context, next) =>
        {
            var result = await next(context);
            if ((result is INestedHttpResult nested ? nested.Result : result) is ProblemHttpResult problem)
            {
                context.HttpContext.SetProblem(problem);
            }

            return result;
        });

    /// <summary>Gets the facts that the audit log is to contain about a request.</summary>
    public static AuditDetails GetAuditDetails(this HttpContext http)
    {
        if (http.Features.Get<AuditDetails>() is not { } details)
        {
            http.Features.Set(details = new AuditDetails());
        }

        return details;
    }
}
