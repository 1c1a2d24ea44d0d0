using MediaAspire.Api.Problems;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Owners;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The problems of managing API keys; <c>code</c> is stable for clients. Security/SecurityErrors has those of using one.</summary>
internal static class ApiKeyErrors
{
    public static ProblemHttpResult InvalidId() => Problem.Of(
        StatusCodes.Status400BadRequest, "api-key-id-invalid", $"An API key's id has {ApiKeyFormat.IdRule}.");

    public static ProblemHttpResult InvalidName() => Problem.Of(
        StatusCodes.Status400BadRequest, "api-key-name-invalid", $"\"name\" is required and has {OwnerName.Rule}.");

    public static ProblemHttpResult NoScopes() => Problem.Of(
        StatusCodes.Status400BadRequest, "scopes-missing", $"\"scopes\" must name at least one of {Known}.");

    public static ProblemHttpResult UnknownScope(string? scope) => Problem.Of(
        StatusCodes.Status400BadRequest, "scope-unknown", $"\"{Problem.Shorten(scope ?? "null")}\" is not a scope. Known are {Known}.");

    public static ProblemHttpResult ScopeOfOperators(string scope) => Problem.Of(
        StatusCodes.Status400BadRequest, "scope-needs-no-owner",
        $"The scope \"{scope}\" shows the data of every owner. Create a key for it without \"ownerId\".");

    public static ProblemHttpResult ScopeNotHeld(string scope) => Problem.Of(
        StatusCodes.Status403Forbidden, "scope-not-held", $"A key cannot grant a scope that it lacks: \"{scope}\".");

    public static ProblemHttpResult InvalidAddress(string? address) => Problem.Of(
        StatusCodes.Status400BadRequest, "address-range-invalid",
        $"\"{Problem.Shorten(address ?? "null")}\" is not an address or a range such as 10.1.0.0/16.");

    public static ProblemHttpResult TooManyAddresses(int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "addresses-too-many", $"A key has at most {max} address ranges.");

    public static ProblemHttpResult Expired(DateTimeOffset expiresAt) => Problem.Of(
        StatusCodes.Status400BadRequest, "expiry-passed", $"\"expiresAt\" {expiresAt:O} is in the past.");

    public static ProblemHttpResult InvalidOverlap(long seconds, long max) => Problem.Of(
        StatusCodes.Status400BadRequest, "overlap-out-of-range", $"\"overlapSeconds\" is 0 to {max}, not {seconds}.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} API keys, not {limit}.");

    public static ProblemHttpResult NotFound(string id) => Problem.Of(
        StatusCodes.Status404NotFound, "api-key-not-found", $"API key '{id}' does not exist. GET /admin/api-keys lists the keys.");

    public static ProblemHttpResult Configured(string id) => Problem.Of(
        StatusCodes.Status409Conflict, "api-key-configured",
        $"API key '{id}' comes from the settings, Security:AdminKey or Security:EventsKey. Change the setting and restart the API.");

    public static ProblemHttpResult LastAdmin(string id) => Problem.Of(
        StatusCodes.Status409Conflict, "api-key-last-admin",
        $"API key '{id}' is the last enabled one with the scope \"admin\" and without an expiry. Create another one first.");

    private static string Known => string.Join(", ", ApiScopeNames.All);
}
