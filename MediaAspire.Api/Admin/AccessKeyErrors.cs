using MediaAspire.Api.Problems;
using MediaAspire.Core.AccessKeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that has to do with access keys; <c>code</c> is stable for clients.</summary>
internal static class AccessKeyErrors
{
    public static ProblemHttpResult Incomplete() => Problem.Of(
        StatusCodes.Status400BadRequest, "access-key-incomplete", "\"accessKeyId\" and \"secretAccessKey\" must be given together.");

    public static ProblemHttpResult InvalidId() => Problem.Of(
        StatusCodes.Status400BadRequest, "access-key-id-invalid", $"An access key's id has {AccessKeyFormat.IdRule}.");

    // Without the value: it may be a real secret with one character too many.
    public static ProblemHttpResult InvalidSecret() => Problem.Of(
        StatusCodes.Status400BadRequest, "access-key-secret-invalid", $"An access key's secret has {AccessKeyFormat.SecretRule}.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} access keys, not {limit}.");

    public static ProblemHttpResult Exists(string id) => Problem.Of(
        StatusCodes.Status409Conflict, "access-key-exists", $"Access key '{id}' exists already, enabled or disabled.");

    public static ProblemHttpResult NotFound(string id) => Problem.Of(
        StatusCodes.Status404NotFound, "access-key-not-found", $"Access key '{id}' does not exist. GET /admin/access-keys lists the keys.");
}
