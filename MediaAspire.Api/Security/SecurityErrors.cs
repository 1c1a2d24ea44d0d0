using System.Net;
using MediaAspire.Api.Problems;
using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Security;

/// <summary>The problems of authentication and authorization; <c>code</c> is stable for clients. None repeats a key.</summary>
internal static class SecurityErrors
{
    public static ProblemHttpResult KeyRequired() => Problem.Of(
        StatusCodes.Status401Unauthorized, "api-key-required",
        $"Send an API key in the header {ApiKeyHeaders.Name}, or as \"Authorization: Bearer\".");

    public static ProblemHttpResult MalformedCredentials() => Problem.Of(
        StatusCodes.Status401Unauthorized, "credentials-malformed",
        $"Send exactly one API key, in one header, {ApiKeyHeaders.Name} or \"Authorization: Bearer\". Its form is {ApiKeyFormat.Rule}.");

    public static ProblemHttpResult InvalidKey() => Problem.Of(
        StatusCodes.Status401Unauthorized, "api-key-invalid",
        "The API key does not exist, is disabled or has expired, or its secret is wrong.");

    public static ProblemHttpResult TooManyFailures(TimeSpan retryAfter) => Problem.Of(
        StatusCodes.Status429TooManyRequests, "rate-limited",
        $"This address sent too many wrong API keys. Try again in {RetryAfters.SecondsOf(retryAfter)} s.");

    public static ProblemHttpResult AddressRefused(IPAddress? address) => Problem.Of(
        StatusCodes.Status403Forbidden, "address-not-allowed",
        $"The API key is not accepted from {address?.ToString() ?? "an unknown address"}. Its address list names the allowed ranges.");

    public static ProblemHttpResult ScopeMissing(string? scope) => Problem.Of(
        StatusCodes.Status403Forbidden, "scope-missing",
        scope is null ? "No API key is allowed this." : $"The API key lacks the scope \"{scope}\".");

    public static ProblemHttpResult KeyInUrl() => Problem.Of(
        StatusCodes.Status400BadRequest, "api-key-in-url",
        "An API key must not be in a URL, which is kept in logs and histories. "
            + $"Send it in the header {ApiKeyHeaders.Name}, and rotate it.");
}
