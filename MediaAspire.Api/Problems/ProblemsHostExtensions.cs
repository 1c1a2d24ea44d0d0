using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Api.Problems;

internal static class ProblemsHostExtensions
{
    /// <summary>Adds problem documents for every error that no handler answered itself.</summary>
    public static IHostApplicationBuilder AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<RequestExceptionHandler>();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            // What routing and the server answer by themselves (404, 405, 415, …) gets a code of the same kind.
            var problem = context.ProblemDetails;
            if (!problem.Extensions.ContainsKey("code") && problem.Status is { } status)
            {
                var code = ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant().Replace(' ', '-');
                problem.Type = Problem.TypeOf(code);
                problem.Extensions["code"] = code;
                problem.Detail ??= $"{context.HttpContext.Request.Method} {context.HttpContext.Request.Path} was answered with {status} {ReasonPhrases.GetReasonPhrase(status)}.";
            }
        });

        return builder;
    }

    /// <summary>Must come before the endpoints.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();

        return app;
    }
}
