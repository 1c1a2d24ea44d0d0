using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.AccessKeys;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Authenticates the signer of a request, by the signature in its header or its query.</summary>
/// <remarks>It does not read the body; the reader of the body verifies it.</remarks>
internal sealed class RequestAuthenticator(
    IAccessKeys keys,
    SigningKeyCache signingKeys,
    Version2Authenticator version2,
    SigningClock clock,
    TimeProvider time,
    IOptions<SigningOptions> options)
{
    private const string AmazonPrefix = "x-amz-";

    private readonly SigningOptions _options = options.Value;

    /// <exception cref="S3Exception">The request names a signer, and the verification of its signature failed.</exception>
    public ValueTask<Signer> AuthenticateAsync(RequestToVerify request, CancellationToken cancellationToken)
    {
        var authorization = request.Headers.Authorization.ToString();
        var query = RequestQuery.Parse(request.RawQuery);
        var presigned = PresignedQuery.IsIn(query);
        var presignedVersion2 = Version2Query.IsIn(query);
        if ((authorization.Length > 0 && (presigned || presignedVersion2)) || (presigned && presignedVersion2))
        {
            throw SigningErrors.SeveralMechanisms(authorization).ToException();
        }

        if (presignedVersion2)
        {
            return version2.AuthenticateQueryAsync(request, query, cancellationToken);
        }

        if (authorization.StartsWith(Version2Authenticator.Scheme, StringComparison.Ordinal))
        {
            return version2.AuthenticateHeaderAsync(request, query, authorization, cancellationToken);
        }

        if (presigned)
        {
            return AuthenticateQueryAsync(request, query, cancellationToken);
        }

        return authorization.Length > 0
            ? AuthenticateHeaderAsync(request, query, authorization, cancellationToken)
            : ValueTask.FromResult(Anonymous(request));
    }

    private static Signer Anonymous(RequestToVerify request)
    {
        var payload = request.Headers[SigV4.ContentSha256Header].ToString() is { Length: > 0 } text
            ? PayloadDeclaration.Parse(text)
            : PayloadDeclaration.Unsigned;
        return payload.HasSignedChunks
            ? throw SigningErrors.SignedChunksFromNobody().ToException()
            : new(Key: null, payload, Seed: null, IsPresigned: false);
    }

    private async ValueTask<Signer> AuthenticateHeaderAsync(
        RequestToVerify request, RequestQuery query, string authorization, CancellationToken cancellationToken)
    {
        var header = AuthorizationHeader.Parse(authorization);
        var requestTime = clock.Check(request.Headers);
        var timestamp = SigningTime.Format(requestTime);
        if (!timestamp.StartsWith(header.Scope.Date, StringComparison.Ordinal))
        {
            throw SigningErrors.HeaderMalformed(SigningErrors.CredentialDateMismatch(header.Scope.Date, timestamp[..8])).ToException();
        }

        if (_options.Region is { } region && header.Scope.Region != region)
        {
            throw SigningErrors.WrongRegionInHeader(header.Scope.Region, region).ToException();
        }

        var payload = request.Headers[SigV4.ContentSha256Header].ToString() is { Length: > 0 } text
            ? PayloadDeclaration.Parse(text)
            : throw SigningErrors.MissingContentSha256().ToException();

        CheckSignedHeaders(request.Headers, header.SignedHeaders);
        var signature = new RequestSignature(
            header.Scope, timestamp, header.SignedHeaders, header.Signature, payload, ExcludedParameter: null);
        return await VerifyAsync(request, query, signature, cancellationToken);
    }

    private async ValueTask<Signer> AuthenticateQueryAsync(RequestToVerify request, RequestQuery query, CancellationToken cancellationToken)
    {
        var presigned = PresignedQuery.Parse(query);
        if (_options.Region is { } region && presigned.Scope.Region != region)
        {
            throw SigningErrors.WrongRegionInQuery(presigned.Scope.Region, region).ToException();
        }

        var now = time.GetUtcNow();
        if (presigned.Start > now + _options.MaxClockSkew)
        {
            throw SigningErrors.NotValidYet(presigned.Start, now).ToException();
        }

        // A lifetime of zero has always expired, even if the clocks differ.
        var expiry = presigned.Start.AddSeconds(presigned.ExpiresSeconds);
        if (presigned.ExpiresSeconds == 0 || now > expiry)
        {
            throw SigningErrors.Expired(presigned.ExpiresSeconds, expiry, now).ToException();
        }

        var declared = query.Get(PresignedQuery.ContentSha256Parameter) ?? request.Headers[SigV4.ContentSha256Header].ToString();
        var payload = declared.Length > 0 ? PayloadDeclaration.Parse(declared) : PayloadDeclaration.Unsigned;
        CheckSignedHeaders(request.Headers, presigned.SignedHeaders);

        var signature = new RequestSignature(
            presigned.Scope,
            SigningTime.Format(presigned.Start),
            presigned.SignedHeaders,
            presigned.Signature,
            payload,
            PresignedQuery.SignatureParameter);
        return await VerifyAsync(request, query, signature, cancellationToken);
    }

    // All x-amz headers must be signed, or the holder of a presigned URL could add an ACL to it, for example. The hash of the body is in
    // the canonical request anyway.
    private static void CheckSignedHeaders(IHeaderDictionary headers, IReadOnlyList<string> signedHeaders)
    {
        List<string>? missing = null;
        if (!signedHeaders.Contains("host"))
        {
            missing = ["host"];
        }

        foreach (var header in headers)
        {
            if (header.Key.StartsWith(AmazonPrefix, StringComparison.OrdinalIgnoreCase)
                && !signedHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase)
                && !header.Key.Equals(SigV4.ContentSha256Header, StringComparison.OrdinalIgnoreCase))
            {
                (missing ??= []).Add(header.Key.ToLowerInvariant());
            }
        }

        if (missing is not null)
        {
            throw SigningErrors.HeadersNotSigned(missing).ToException();
        }
    }

    private async ValueTask<Signer> VerifyAsync(
        RequestToVerify request, RequestQuery query, RequestSignature signature, CancellationToken cancellationToken)
    {
        // Temporary credentials are not supported, so every token is invalid.
        if (request.Headers.ContainsKey(SigV4.SecurityTokenHeader) || query.Contains(PresignedQuery.SecurityTokenParameter))
        {
            throw SigningErrors.InvalidToken().ToException();
        }

        if (request.LookupsRefusedFor > TimeSpan.Zero && !keys.IsCached(signature.Scope.AccessKeyId))
        {
            throw S3Errors.SlowDown(request.LookupsRefusedFor).ToException();
        }

        var key = await keys.FindAsync(signature.Scope.AccessKeyId, cancellationToken)
            ?? throw SigningErrors.InvalidAccessKeyId(signature.Scope.AccessKeyId).ToException();
        var signingKey = signingKeys.Get(key.Secret, signature.Scope);

        if (!IsSigned(request, query, signature, signingKey, CanonicalPath.AsSent, out var canonical, out var stringToSign)
            && !IsSigned(request, query, signature, signingKey, CanonicalPath.Encoded, out _, out _))
        {
            throw SigningErrors.SignatureDoesNotMatch(key.Id, signature.Value, stringToSign, canonical).ToException();
        }

        signingKeys.Keep(key.Secret, signature.Scope, signingKey);
        var seed = signature.Payload.HasSignedChunks
            ? new ChunkSeed(signingKey, key.Id, signature.Timestamp, signature.Scope.Text, signature.Value)
            : null;
        return new(key, signature.Payload, seed, IsPresigned: signature.ExcludedParameter is not null);
    }

    private static bool IsSigned(
        RequestToVerify request,
        RequestQuery query,
        RequestSignature signature,
        SigningKey signingKey,
        CanonicalPath path,
        out byte[] canonical,
        out string stringToSign)
    {
        canonical = CanonicalRequest.Write(
            request, query, signature.SignedHeaders, signature.Payload.Value, path, signature.ExcludedParameter);
        stringToSign = StringToSign(signature.Timestamp, signature.Scope.Text, canonical);
        return signingKey.Verifies(Encoding.UTF8.GetBytes(stringToSign), signature.Value);
    }

    public static string StringToSign(string timestamp, string scope, ReadOnlySpan<byte> canonicalRequest) =>
        $"{SigV4.Algorithm}\n{timestamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(canonicalRequest))}";

    private sealed record RequestSignature(
        CredentialScope Scope,
        string Timestamp,
        IReadOnlyList<string> SignedHeaders,
        string Value,
        PayloadDeclaration Payload,
        string? ExcludedParameter);
}
