using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console.OpenId;

/// <summary>The OpenID Connect server by which people sign in. Bound from the section <c>Console:OpenIdConnect</c>.</summary>
internal sealed class OpenIdOptions
{
    public const string SectionName = "Console:OpenIdConnect";

    /// <summary>Gets or sets the name that the sign-in page shows.</summary>
    /// <value>The default is <c>single sign-on</c>.</value>
    public string Name { get; set; } = "single sign-on";

    /// <summary>Gets or sets the address of the server, below which its discovery document is.</summary>
    /// <value>Unset by default: people sign in with API keys only. An https address; http for a server on this machine.</value>
    public string? Authority { get; set; }

    /// <summary>Gets or sets the id of this application at the server.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Gets or sets the secret of this application; unset for a public client, which PKCE protects.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Gets the scopes of OpenID Connect that are requested besides <c>openid</c> and <c>profile</c>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>Gets the rights that claims grant; the first one that matches decides. Who matches none may not sign in.</summary>
    public IList<OpenIdGrant> Grants { get; } = [];

    public bool IsConfigured => !string.IsNullOrEmpty(Authority);
}

/// <summary>The rights of the people whose identity token has a claim.</summary>
internal sealed class OpenIdGrant
{
    /// <summary>Gets or sets the name of the claim, such as <c>groups</c>.</summary>
    public string Claim { get; set; } = "";

    /// <summary>Gets or sets the value of the claim, or one of its values.</summary>
    public string Value { get; set; } = "";

    /// <summary>Gets the scopes of this API that they get, such as <c>admin</c> or <c>media:read</c>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>Gets or sets the owner whose data alone they see; unset for operators.</summary>
    public string? Owner { get; set; }

    /// <summary>Gets or sets the name of a claim whose value is the owner, in place of <see cref="Owner"/>.</summary>
    public string? OwnerClaim { get; set; }
}

/// <summary>Checks the server and the grants.</summary>
internal sealed class OpenIdOptionsValidator : IValidateOptions<OpenIdOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenIdOptions options)
    {
        string[] errors = options.IsConfigured ? [.. ErrorsOf(options)] : [];
        return errors.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error => $"{OpenIdOptions.SectionName}:{error}"));
    }

    private static IEnumerable<string> ErrorsOf(OpenIdOptions options)
    {
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority)
            || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
        {
            yield return $"Authority is '{options.Authority}'. Expected an https address, or http for a server on this machine.";
        }

        if (options.ClientId.Length == 0)
        {
            yield return "ClientId is missing. It is the id of this application at the server.";
        }

        if (options.Grants.Count == 0)
        {
            yield return "Grants is empty, so that nobody could sign in. Add one with Claim, Value and Scopes.";
        }

        for (var i = 0; i < options.Grants.Count; i++)
        {
            foreach (var error in ErrorsOf(options.Grants[i]))
            {
                yield return $"Grants:{i}:{error}";
            }
        }
    }

    private static IEnumerable<string> ErrorsOf(OpenIdGrant grant)
    {
        if (grant.Claim.Length == 0 || grant.Value.Length == 0)
        {
            yield return "Claim or Value is missing.";
        }

        if (grant.Scopes.Count == 0 || grant.Scopes.FirstOrDefault(scope => !ApiScopeNames.TryParse(scope, out _)) is not null)
        {
            yield return $"Scopes is '{string.Join(", ", grant.Scopes)}'. Expected some of {string.Join(", ", ApiScopeNames.All)}.";
        }

        if (grant.Owner is not null && grant.OwnerClaim is not null)
        {
            yield return "Owner and OwnerClaim are both set. Remove one.";
        }

        if (grant.Owner is not null && !OwnerId.TryParse(grant.Owner, out _))
        {
            yield return $"Owner is '{grant.Owner}'. Expected {OwnerId.Rule}.";
        }

        if ((grant.Owner ?? grant.OwnerClaim) is not null
            && (ApiScopeNames.Combine(grant.Scopes) & (ApiScopes.Admin | ApiScopes.Metrics)) != ApiScopes.None)
        {
            yield return "Scopes has admin or metrics, which people with an owner cannot have: they would see the data of every owner.";
        }
    }
}
