using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Ownership;

/// <summary>The problems with the owner that a request names, and with its quota; <c>code</c> is stable for clients.</summary>
internal static class OwnerErrors
{
    public static ProblemHttpResult Invalid(string owner) => Problem.Of(
        StatusCodes.Status400BadRequest, "owner-id-invalid",
        $"\"{Problem.Shorten(owner)}\" is not the id of an owner: {OwnerId.Rule}.");

    public static ProblemHttpResult Forbidden(OwnerId named, OwnerId bound) => Problem.Of(
        StatusCodes.Status403Forbidden, "owner-forbidden",
        $"The key belongs to owner '{bound}' and cannot act for '{named}'. Leave the owner out, or use a key that is bound to no owner.");

    public static ProblemHttpResult Unknown(OwnerId owner) => Problem.Of(
        StatusCodes.Status400BadRequest, "owner-unknown",
        $"Owner '{owner}' does not exist. Create it with POST /admin/owners, or check the name.");

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
            type: Problem.TypeOf(code),
            extensions:
            [
                new("code", code), new("scope", refusal.Scope), new("unit", refusal.Unit), new("limit", refusal.Limit),
                new("used", refusal.Used), new("needed", refusal.Needed),
            ]);
    }
}
