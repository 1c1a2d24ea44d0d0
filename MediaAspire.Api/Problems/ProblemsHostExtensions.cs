using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Api.Problems;

internal static class ProblemsHostExtensions
{
    // The causes of a 503 pass by themselves: a node returns, a worker frees staging.
    private const string RetryAfterSeconds = "5";

    /// <summary>Adds problem documents for every error that no handler has handled.</summary>
    public static IHostApplicationBuilder AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<RequestExceptionHandler>();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            // The errors of routing and of the server (404, 405, 415, …) get a code of the same kind.
            var problem = context.ProblemDetails;
            if (!problem.Extensions.ContainsKey("code") && problem.Status is { } status)
            {
                var malformed = status == StatusCodes.Status400BadRequest ? MalformedParameters.Find(context.HttpContext) : null;
                var reason = ReasonPhrases.GetReasonPhrase(status);
                var code = malformed is null ? reason.ToLowerInvariant().Replace(' ', '-') : RequestExceptionHandler.MalformedCode;
                var request = context.HttpContext.Request;
                problem.Type = Problem.TypeOf(code);
                problem.Extensions["code"] = code;
                problem.Detail ??= malformed ?? $"{request.Method} {request.Path} was answered with {status} {reason}.";
            }
        });

        return builder;
    }

    /// <summary>Must come before the endpoints.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.Use(static (context, next) =>
        {
            context.Response.OnStarting(static state => TellWhenToRetry((HttpResponse)state), context.Response);
            return next(context);
        });
        app.UseExceptionHandler();
        app.UseStatusCodePages();

        return app;
    }

    /// <summary>
    /// "The server MAY send a Retry-After header field to suggest an appropriate amount of time" (RFC 9110, section 15.6.4).
    /// </summary>
    private static Task TellWhenToRetry(HttpResponse response)
    {
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return Task.CompletedTask;
    }
}
