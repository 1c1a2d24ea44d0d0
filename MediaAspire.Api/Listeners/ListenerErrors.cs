using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Listeners;

/// <summary>The problems of requests that are refused before any route sees them.</summary>
internal static class ListenerErrors
{
    public static ProblemHttpResult HostNotAllowed(HostString host) => Problem.Of(
        StatusCodes.Status400BadRequest,
        "host-not-allowed",
        $"The host '{host}' is not a name of this server. Use its address, or add the name to the setting AllowedHosts.");

    public static ProblemHttpResult CrossSiteRequest() => Problem.Of(
        StatusCodes.Status403Forbidden,
        "cross-site-request",
        "A page of another site sent this request, and only pages of this server may change something. Send it from a program instead.");
}
