using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;

namespace MediaAspire.Api.Images;

/// <summary>The right that the signature of an address gives.</summary>
/// <param name="IsSigned">A value indicating whether the address is signed, and the signature valid.</param>
/// <param name="ExpiresAt">The time from which it is not; <see langword="null"/> for never.</param>
internal readonly record struct ImageGrant(bool IsSigned, DateTimeOffset? ExpiresAt)
{
    /// <summary>Gets the right of an address without a signature.</summary>
    public static ImageGrant None => default;

    /// <summary>Verifies the signature of a request's address, if there is one.</summary>
    /// <param name="http">The request.</param>
    /// <param name="signatures">The signatures.</param>
    /// <param name="pairs">The other parameters of the query in their order.</param>
    /// <param name="grant">The right.</param>
    /// <returns>The problem of a signature that is not valid; <see langword="null"/> for none.</returns>
    public static IResult? Read(
        HttpContext http, UrlSignatures signatures, out IReadOnlyList<KeyValuePair<string, string>> pairs, out ImageGrant grant)
    {
        var all = VariantQuery.ReadPairs(http.Request.QueryString.Value);
        pairs = [.. all.Where(pair => !UrlSignatures.IsParameter(pair.Key))];
        var result = signatures.Verify(http.Request.Path.Value ?? "", all);
        grant = new(result.Outcome == SignatureOutcome.Valid, result.ExpiresAt);
        return result.Outcome is SignatureOutcome.Missing or SignatureOutcome.Valid ? null : VariantErrors.SignatureRefused(result.Outcome);
    }
}
