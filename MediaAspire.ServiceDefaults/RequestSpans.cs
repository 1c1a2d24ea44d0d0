using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace MediaAspire.ServiceDefaults;

/// <summary>Names a request's span after its method and route, and adds its status, as the conventions for HTTP spans require.</summary>
/// <remarks>
/// ASP.NET Core 10 writes only the tags that are known when a request starts. The instrumentation package adds the others, but we do not
/// use it.
/// </remarks>
internal sealed class RequestSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static async (context, following) =>
        {
            await following(context);
            Complete(context);
        });
        next(app);
    };

    private static void Complete(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            return;
        }

        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{context.Request.Method} {route}";
        }
        else
        {
            span.DisplayName = context.Request.Method;
        }
    }
}
