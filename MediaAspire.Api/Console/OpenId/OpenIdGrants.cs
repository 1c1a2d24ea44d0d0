using System.Security.Claims;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Sessions;

namespace MediaAspire.Api.Console.OpenId;

/// <summary>The rights of a person, by the claims of the identity token.</summary>
internal static class OpenIdGrants
{
    private const int LongestName = 200;
    private const int LongestSubject = 512;

    private static readonly string[] s_names = ["name", "preferred_username", "email"];

    /// <summary>Applies the first grant that matches.</summary>
    /// <param name="options">The grants.</param>
    /// <param name="claims">The claims, by their names in the token.</param>
    /// <returns>The person; <see langword="null"/> when no grant matches, or when its owner's claim is missing or malformed.</returns>
    public static SignedInPerson? Find(OpenIdOptions options, ClaimsPrincipal claims)
    {
        if (claims.FindFirst("sub")?.Value is not { Length: > 0 } id
            || $"{options.Authority} {id}" is not { Length: <= LongestSubject } subject)
        {
            return null;
        }

        foreach (var grant in options.Grants)
        {
            // HasClaim would ignore the case of the name.
            if (!claims.Claims.Any(claim => claim.Type == grant.Claim && claim.Value == grant.Value))
            {
                continue;
            }

            OwnerId? owner = null;
            if ((grant.Owner ?? (grant.OwnerClaim is { } claim ? claims.FindFirst(claim)?.Value ?? "" : null)) is { } text)
            {
                // Without the check, a person without the claim would see the data of every owner.
                if (!OwnerId.TryParse(text, out var parsed))
                {
                    return null;
                }

                owner = parsed;
            }

            return new(subject, NameOf(claims, id), owner, [.. grant.Scopes]);
        }

        return null;
    }

    private static string NameOf(ClaimsPrincipal claims, string id)
    {
        var name = s_names
            .Select(claim => claims.FindFirst(claim)?.Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? id;
        var plain = new string([.. name.Where(letter => !char.IsControl(letter))]);
        return plain.Length <= LongestName ? plain : plain[..LongestName];
    }
}
