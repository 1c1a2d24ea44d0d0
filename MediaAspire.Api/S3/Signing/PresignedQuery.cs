using System.Globalization;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The signature in the query of a presigned URL.</summary>
/// <param name="Scope">The scope of the credential.</param>
/// <param name="Start">The time of the signature, at which the lifetime of the URL starts.</param>
/// <param name="ExpiresSeconds">The lifetime, 0 to 604,800.</param>
/// <param name="SignedHeaders">Lower-case names, sorted.</param>
/// <param name="Signature">The signature as it was sent.</param>
internal sealed record PresignedQuery(
    CredentialScope Scope, DateTimeOffset Start, long ExpiresSeconds, IReadOnlyList<string> SignedHeaders, string Signature)
{
    public const string AlgorithmParameter = "X-Amz-Algorithm";
    public const string SignatureParameter = S3Parameters.Signature;
    public const string SecurityTokenParameter = "X-Amz-Security-Token";
    public const string ContentSha256Parameter = "X-Amz-Content-Sha256";

    private const string CredentialParameter = "X-Amz-Credential";
    private const long MaxExpiresSeconds = 604_800;

    /// <summary>Determines whether a query has a parameter of a presigned URL.</summary>
    public static bool IsIn(RequestQuery query) =>
        query.Contains(AlgorithmParameter) || query.Contains(SignatureParameter) || query.Contains(CredentialParameter);

    /// <exception cref="S3Exception">A parameter is missing or wrong.</exception>
    public static PresignedQuery Parse(RequestQuery query)
    {
        if (query.Get(AlgorithmParameter) is not { } algorithm
            || query.Get(CredentialParameter) is not { } credential
            || query.Get(SignatureParameter) is not { } signature
            || query.Get("X-Amz-Date") is not { } date
            || query.Get("X-Amz-SignedHeaders") is not { } signedHeaders
            || query.Get("X-Amz-Expires") is not { } expires)
        {
            throw SigningErrors.MissingQueryParameters().ToException();
        }

        if (algorithm != SigV4.Algorithm)
        {
            throw (algorithm == "AWS4-ECDSA-P256-SHA256"
                ? SigningErrors.AsymmetricSignatures(algorithm)
                : SigningErrors.QueryMalformed($"X-Amz-Algorithm only supports \"{SigV4.Algorithm}\"")).ToException();
        }

        if (!CredentialScope.TryParse(credential, out var scope, out var fault))
        {
            throw SigningErrors.CredentialParameterMalformed(fault).ToException();
        }

        if (!SigningTime.TryParseIso8601(date, out var start))
        {
            throw SigningErrors.QueryMalformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"").ToException();
        }

        if (!date.StartsWith(scope.Date, StringComparison.Ordinal))
        {
            throw SigningErrors.QueryMalformed(SigningErrors.CredentialDateMismatch(scope.Date, date[..8])).ToException();
        }

        return new(scope, start, ParseExpires(expires), AuthorizationHeader.ParseSignedHeaders(signedHeaders), signature);
    }

    // AWS refuses a lifetime out of range with 400, Ceph and its conformance suite with 403. Clients branch on the code, which is that of
    // AWS.
    private static long ParseExpires(string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            throw SigningErrors.QueryMalformed("X-Amz-Expires should be a number").ToException();
        }

        return seconds switch
        {
            < 0 => throw SigningErrors.QueryMalformed("X-Amz-Expires must be non-negative", status: 403).ToException(),
            > MaxExpiresSeconds => throw SigningErrors.QueryMalformed(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
                status: 403).ToException(),
            _ => seconds,
        };
    }
}
