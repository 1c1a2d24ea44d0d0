using MediaAspire.Api.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MediaAspire.Tests.Api.Security;

/// <summary>The rule of each endpoint of the API: a policy, or a place in the list of exemptions.</summary>
internal static class EndpointRules
{
    private static readonly string[] s_policies =
    [
        Policies.FilesRead, Policies.FilesWrite, Policies.ImagesRead, Policies.ImagesReadOrPublic, Policies.ImagesWrite,
        Policies.ImagesWriteOrToken, Policies.MediaRead, Policies.MediaReadOrPublic, Policies.MediaWrite, Policies.MediaEvents,
        Policies.UploadsWrite, Policies.Metrics, Policies.Admin,
    ];

    /// <summary>Names the endpoints that break the rule.</summary>
    public static IReadOnlyList<string> FindUnprotected(IEnumerable<Endpoint> endpoints) =>
    [
        .. endpoints.Where(endpoint => !HasPolicy(endpoint) && !IsExempt(endpoint)).Select(Describe),
    ];

    public static string? PolicyOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy;

    public static string PatternOf(Endpoint endpoint) => (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "";

    public static IReadOnlyList<string> MethodsOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    public static string Describe(Endpoint endpoint) =>
        $"{string.Join(",", MethodsOf(endpoint))} {PatternOf(endpoint)} ({endpoint.DisplayName})";

    // AllowAnonymous outweighs every policy.
    private static bool HasPolicy(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => s_policies.Contains(data.Policy));

    private static bool IsExempt(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        && (Exemptions.Routes.Contains(PatternOf(endpoint)) || Exemptions.SignIns.Contains(PatternOf(endpoint))
            || Exemptions.SecretPaths.Contains(PatternOf(endpoint)));
}
