using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Ownership;

/// <summary>The problems with the owner that a request names; <c>code</c> is stable for clients.</summary>
internal static class OwnerErrors
{
    private const int ShownCharacters = 80;

    public static ProblemHttpResult Invalid(string owner) => Problem.Of(
        StatusCodes.Status400BadRequest, "owner-invalid",
        $"\"{(owner.Length <= ShownCharacters ? owner : owner[..ShownCharacters] + "…")}\" is not the id of an owner: {OwnerId.Rule}.");

    public static ProblemHttpResult Forbidden(OwnerId named, OwnerId bound) => Problem.Of(
        StatusCodes.Status403Forbidden, "owner-forbidden",
        $"The key belongs to owner '{bound}' and cannot act for '{named}'. Leave the owner out, or use a key that is bound to no owner.");

    public static ProblemHttpResult Unknown(OwnerId owner) => Problem.Of(
        StatusCodes.Status400BadRequest, "owner-unknown",
        $"Owner '{owner}' does not exist. Create it with POST /admin/owners, or check the name.");
}
