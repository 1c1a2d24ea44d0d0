using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Problems;

/// <summary>The code of the problem that a request had, for those who record it.</summary>
internal static class ProblemCodes
{
    /// <summary>Gets the code; <see langword="null"/> without a problem of ours.</summary>
    public static string? GetProblemCode(this HttpContext http) => http.Features.Get<Code>()?.Text;

    /// <summary>Keeps the code of a problem that is the response to a request.</summary>
    public static void SetProblem(this HttpContext http, ProblemHttpResult problem)
    {
        if (problem.ProblemDetails.Extensions.TryGetValue("code", out var code) && code is string text)
        {
            http.Features.Set(new Code(text));
        }
    }

    /// <summary>Writes a problem outside of a route, and keeps its code.</summary>
    public static Task WriteAsync(this ProblemHttpResult problem, HttpContext http)
    {
        http.SetProblem(problem);
        return problem.ExecuteAsync(http);
    }

    private sealed record Code(string Text);
}
