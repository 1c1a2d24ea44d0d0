using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Authorization;

namespace MediaAspire.Api.Security;

/// <summary>The policies that endpoints require, each named after the scope that satisfies it.</summary>
internal static class Policies
{
    public const string FilesRead = ApiScopeNames.FilesRead;
    public const string FilesWrite = ApiScopeNames.FilesWrite;
    public const string ImagesRead = ApiScopeNames.ImagesRead;

    /// <summary>
    /// Lets senders without a key through: the endpoint gives them images only where those are public, or signed. A key needs the scope.
    /// </summary>
    public const string ImagesReadOrPublic = ApiScopeNames.ImagesRead + "-or-public";

    public const string ImagesWrite = ApiScopeNames.ImagesWrite;

    /// <summary>Lets senders with a delete token through, whatever key they have: the endpoint checks the token.</summary>
    public const string ImagesWriteOrToken = ApiScopeNames.ImagesWrite + "-or-token";

    public const string MediaRead = ApiScopeNames.MediaRead;

    /// <summary>Lets senders without a key through: the endpoint gives them public items only. A key needs the scope.</summary>
    public const string MediaReadOrPublic = ApiScopeNames.MediaRead + "-or-public";

    public const string MediaWrite = ApiScopeNames.MediaWrite;
    public const string MediaEvents = ApiScopeNames.MediaEvents;

    /// <summary>
    /// Lets keys through that may write files, images or media, and senders with a signed address, which the endpoint checks. What the
    /// upload becomes decides on the scope that its endpoint requires.
    /// </summary>
    public const string UploadsWrite = "uploads:write-or-grant";

    public const string Metrics = ApiScopeNames.Metrics;
    public const string Admin = ApiScopeNames.Admin;

    private static readonly string[] s_all =
    [
        FilesRead, FilesWrite, ImagesRead, ImagesWrite, MediaRead, MediaWrite, MediaEvents, Metrics, Admin,
    ];

    /// <summary>Adds every policy, and the one that denies an endpoint without a policy to everybody.</summary>
    public static void AddTo(AuthorizationOptions options)
    {
        foreach (var name in s_all)
        {
            var scope = new ScopeRequirement(ApiScopeNames.Combine([name]));
            options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().AddRequirements(scope));
        }

        options.AddPolicy(MediaReadOrPublic, policy => policy.AddRequirements(new PublicReadRequirement(ApiScopes.MediaRead)));
        options.AddPolicy(ImagesReadOrPublic, policy => policy.AddRequirements(new PublicReadRequirement(ApiScopes.ImagesRead)));
        options.AddPolicy(
            ImagesWriteOrToken, policy => policy.AddRequirements(new TokenOrScopeRequirement(ApiScopes.ImagesWrite, "token")));
        options.AddPolicy(UploadsWrite, policy => policy.AddRequirements(
            new AnyScopeRequirement([ApiScopes.FilesWrite, ApiScopes.ImagesWrite, ApiScopes.MediaWrite], "grant")));
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser()
            .AddRequirements(new NoEndpointRequirement()).Build();
    }
}
