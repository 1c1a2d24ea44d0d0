using System.Text;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.AccessKeys;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Authenticates the signer of a request by AWS Signature Version 2, where the settings accept it.</summary>
internal sealed class Version2Authenticator(
    IAccessKeys keys, S3Router router, SigningClock clock, TimeProvider time, IOptions<S3Options> options)
{
    /// <summary>The beginning of the header, as in <c>AWS AKIAIOSFODNN7EXAMPLE:qgk2+6Sv9/oM7G3qLEjTH1a1l1g=</c>.</summary>
    public const string Scheme = "AWS ";

    private readonly SignatureV2Use _use = options.Value.SignatureV2;
    private readonly string[] _domains = [.. options.Value.Domains];

    /// <exception cref="S3Exception">The verification of the signature failed, or the settings do not accept it.</exception>
    public async ValueTask<Signer> AuthenticateHeaderAsync(
        RequestToVerify request, RequestQuery query, string authorization, CancellationToken cancellationToken)
    {
        if (authorization[Scheme.Length..].Split(':') is not [var id, var signature])
        {
            throw SigningErrors.InvalidVersion2Authorization().ToException();
        }

        clock.Check(request.Headers);
        if (_use != SignatureV2Use.All)
        {
            throw SigningErrors.UnsupportedVersion2().ToException();
        }

        return await VerifyAsync(request, query, expires: null, id, signature, cancellationToken);
    }

    /// <inheritdoc cref="AuthenticateHeaderAsync"/>
    public async ValueTask<Signer> AuthenticateQueryAsync(
        RequestToVerify request, RequestQuery query, CancellationToken cancellationToken)
    {
        if (_use == SignatureV2Use.Off)
        {
            throw SigningErrors.UnsupportedVersion2().ToException();
        }

        // The URL does not say when it was signed, so its lifetime cannot be limited as with version 4.
        var presigned = Version2Query.Parse(query);
        var now = time.GetUtcNow();
        return now <= presigned.ExpiresAt
            ? await VerifyAsync(request, query, presigned.Expires, presigned.AccessKeyId, presigned.Signature, cancellationToken)
            : throw SigningErrors.Expired(presigned.ExpiresAt, now).ToException();
    }

    private async ValueTask<Signer> VerifyAsync(
        RequestToVerify request, RequestQuery query, string? expires, string id, string signature, CancellationToken cancellationToken)
    {
        // Temporary credentials are not supported, so every token is invalid.
        if (request.Headers.ContainsKey(SigV4.SecurityTokenHeader) || query.Find(SigV4.SecurityTokenHeader) is not null)
        {
            throw SigningErrors.InvalidToken().ToException();
        }

        var payload = DeclaredPayload(request, expires is null ? null : query);
        var key = await keys.FindAsync(id, cancellationToken) ?? throw SigningErrors.InvalidAccessKeyId(id).ToException();
        var bucket = S3Target.BucketInHost(new HostString(request.Headers.Host.ToString()).Host, _domains);
        var text = StringToSign(CanonicalPath.AsSent);
        if (!SigV2.Verifies(key.Secret, text, signature)
            && !SigV2.Verifies(key.Secret, StringToSign(CanonicalPath.Encoded), signature)
            && !(bucket is null && Version2Canonical.IsOnlyBucket(request.RawPath) && SigV2.Verifies(key.Secret, Closed(), signature)))
        {
            throw SigningErrors.SignatureDoesNotMatch(key.Id, signature, Encoding.UTF8.GetString(text)).ToException();
        }

        return new(key, payload, Seed: null, IsPresigned: expires is not null) { IsVersion2 = true };

        byte[] StringToSign(CanonicalPath path) =>
            Version2Canonical.Write(request, query, bucket, path, expires, router.IsSelecting);

        // botocore signs the path of a bucket with a slash at its end, and sends it without.
        byte[] Closed() => Version2Canonical.Write(
            request with { RawPath = request.RawPath + "/" }, query, bucket, CanonicalPath.AsSent, expires, router.IsSelecting);
    }

    private static PayloadDeclaration DeclaredPayload(RequestToVerify request, RequestQuery? query)
    {
        var declared = request.Headers[SigV4.ContentSha256Header].ToString() is { Length: > 0 } header
            ? header
            : query?.Find(SigV4.ContentSha256Header);
        if (declared is not { Length: > 0 })
        {
            return PayloadDeclaration.Unsigned;
        }

        // Chunks are signed with a key that only version 4 derives.
        var payload = PayloadDeclaration.Parse(declared);
        return payload.HasSignedChunks ? throw SigningErrors.ChunkedNotAllowed().ToException() : payload;
    }
}
