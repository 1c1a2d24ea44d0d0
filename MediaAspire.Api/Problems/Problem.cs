using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Problems;

/// <summary>Creates RFC 9457 problem documents; <c>code</c> is stable for clients, the detail is for people.</summary>
internal static class Problem
{
    /// <param name="status">The HTTP status, 400-599.</param>
    /// <param name="code">A stable name in kebab-case.</param>
    /// <param name="detail">One or two sentences with the offending values and the remedy.</param>
    public static ProblemHttpResult Of(int status, string code, string detail) => TypedResults.Problem(
        detail, statusCode: status, type: TypeOf(code), extensions: [new("code", code)]);

    /// <summary>Creates the problem of a write that a quota does not allow.</summary>
    /// <remarks>
    /// The status that RFC 4331, section 6, gives to quotas. "The request MUST NOT be repeated until it is requested by a separate user
    /// action" (RFC 4918, section 11.5).
    /// </remarks>
    public static ProblemHttpResult QuotaExceeded(QuotaRefusal refusal)
    {
        const string code = "quota-exceeded";

        return TypedResults.Problem(
            $"{refusal} Nothing was kept. Delete something, or ask an operator for a larger quota.",
            statusCode: StatusCodes.Status507InsufficientStorage,
            type: TypeOf(code),
            extensions:
            [
                new("code", code), new("scope", refusal.Scope), new("unit", refusal.Unit), new("limit", refusal.Limit),
                new("used", refusal.Used), new("needed", refusal.Needed),
            ]);
    }

    public static string TypeOf(string code) => $"https://mediaaspire.dev/problems/{code}";
}
