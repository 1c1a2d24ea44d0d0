using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The problems of owners; <c>code</c> is stable for clients.</summary>
internal static class OwnerErrors
{
    public static ProblemHttpResult InvalidId() => Problem.Of(
        StatusCodes.Status400BadRequest, "owner-id-invalid", $"An owner's id has {OwnerId.Rule}.");

    public static ProblemHttpResult InvalidDisplayName() => Problem.Of(
        StatusCodes.Status400BadRequest, "display-name-invalid", $"A display name has {OwnerName.Rule}.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} owners, not {limit}.");

    public static ProblemHttpResult Exists(OwnerId id) => Problem.Of(
        StatusCodes.Status409Conflict, "owner-exists", $"Owner '{id}' exists already.");

    public static ProblemHttpResult NotFound(OwnerId id) => Problem.Of(
        StatusCodes.Status404NotFound, "owner-not-found", $"Owner '{id}' does not exist. POST /admin/owners creates one.");
}
