using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Problems;

/// <summary>Creates RFC 9457 problem documents; <c>code</c> is stable for clients, the detail is for people.</summary>
internal static class Problem
{
    private const int ShownCharacters = 80;

    /// <param name="status">The HTTP status, 400-599.</param>
    /// <param name="code">A stable name in kebab-case.</param>
    /// <param name="detail">One or two sentences with the offending values and the remedy.</param>
    public static ProblemHttpResult Of(int status, string code, string detail) => TypedResults.Problem(
        detail, statusCode: status, type: TypeOf(code), extensions: [new("code", code)]);

    /// <summary>Takes the beginning of a client's input: clients see their own input in an error, but not all of it.</summary>
    public static string Shorten(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";

    public static string TypeOf(string code) => $"https://mediaaspire.dev/problems/{code}";
}
