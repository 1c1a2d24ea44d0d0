using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Signing;

/// <summary>A parsed <c>Authorization</c> of version 4.</summary>
/// <param name="Scope">The scope of the credential.</param>
/// <param name="SignedHeaders">Lower-case names, sorted.</param>
/// <param name="Signature">The signature as it was sent.</param>
internal sealed record AuthorizationHeader(CredentialScope Scope, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <example><c>AWS4-HMAC-SHA256 Credential=AKIA…/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date,
    /// Signature=fe5f…</c></example>
    /// <exception cref="S3Exception">The header is malformed.</exception>
    public static AuthorizationHeader Parse(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            throw SigningErrors.InvalidAuthorization(value).ToException();
        }

        var scheme = value[..space];
        if (scheme != SigV4.Algorithm)
        {
            throw (scheme == "AWS4-ECDSA-P256-SHA256"
                ? SigningErrors.AsymmetricSignatures(scheme)
                : SigningErrors.UnsupportedAuthorizationType(scheme)).ToException();
        }

        string? credential = null, signedHeaders = null, signature = null;
        var components = value[(space + 1)..].Split(',', StringSplitOptions.TrimEntries);
        if (components.Length != 3)
        {
            throw SigningErrors.MissingComponents().ToException();
        }

        foreach (var component in components)
        {
            switch (component.Split('=', 2))
            {
                case ["Credential", var text] when credential is null:
                    credential = text;
                    break;
                case ["SignedHeaders", { Length: > 0 } text] when signedHeaders is null:
                    signedHeaders = text;
                    break;
                case ["Signature", { Length: > 0 } text] when signature is null:
                    signature = text;
                    break;
                default:
                    throw SigningErrors.HeaderMalformed($"the authorization component \"{component}\" is malformed.").ToException();
            }
        }

        if (!CredentialScope.TryParse(credential!, out var scope, out var fault))
        {
            throw SigningErrors.HeaderMalformed(fault).ToException();
        }

        return new(scope, ParseSignedHeaders(signedHeaders!), signature!);
    }

    public static IReadOnlyList<string> ParseSignedHeaders(string text)
    {
        var names = text.ToLowerInvariant().Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
