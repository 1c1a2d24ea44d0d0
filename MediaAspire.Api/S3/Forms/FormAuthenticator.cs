using System.Text;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.AccessKeys;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Forms;

/// <summary>Authenticates the key that signed the policy in a form.</summary>
internal sealed class FormAuthenticator(
    IAccessKeys keys, SigningKeyCache signingKeys, IOptions<SigningOptions> options, IOptions<S3Options> s3)
{
    private const string PolicyField = "policy";
    private const string AlgorithmField = "x-amz-algorithm";
    private const string CredentialField = "x-amz-credential";
    private const string DateField = "x-amz-date";
    private const string SignatureField = "x-amz-signature";
    private const string Version2KeyField = "AWSAccessKeyId";
    private const string Version2SignatureField = "signature";

    /// <returns>The key; <see langword="null"/> for a form without policy and signature, which is anonymous.</returns>
    /// <exception cref="S3Exception">The form names a signer, and the verification of its signature failed.</exception>
    public async ValueTask<AccessKey?> AuthenticateAsync(PostFields fields, CancellationToken cancellationToken)
    {
        if (fields.TryGet(SignatureField, out _) || fields.TryGet(CredentialField, out _) || fields.TryGet(AlgorithmField, out _))
        {
            return await AuthenticateVersion4Async(fields, fields.Require(PolicyField), cancellationToken);
        }

        if (fields.TryGet(Version2SignatureField, out _) || fields.TryGet(Version2KeyField, out _))
        {
            return await AuthenticateVersion2Async(fields, fields.Require(PolicyField), cancellationToken);
        }

        return fields.TryGet(PolicyField, out _) ? throw FormErrors.MissingField(SignatureField).ToException() : null;
    }

    /// <summary>Gets the form of the signature that <see cref="AuthenticateAsync"/> verified.</summary>
    public static S3Signature SignatureOf(PostFields fields) =>
        fields.TryGet(SignatureField, out _) ? S3Signature.Form : S3Signature.Version2Form;

    private async ValueTask<AccessKey> AuthenticateVersion4Async(PostFields fields, string policy, CancellationToken cancellationToken)
    {
        var algorithm = fields.Require(AlgorithmField);
        var credential = fields.Require(CredentialField);
        var date = fields.Require(DateField);
        var signature = fields.Require(SignatureField);
        if (algorithm != SigV4.Algorithm)
        {
            throw FormErrors.UnsupportedAlgorithm(algorithm).ToException();
        }

        // The SDK for .NET ends it with a slash.
        if (!CredentialScope.TryParse(credential.TrimEnd('/'), out var scope, out var fault))
        {
            throw FormErrors.InvalidCredential(credential, fault).ToException();
        }

        if (options.Value.Region is { } region && scope.Region != region)
        {
            throw FormErrors.InvalidCredential(credential, SigningErrors.WrongRegion(scope.Region, region)).ToException();
        }

        if (!SigningTime.TryParseIso8601(date, out _))
        {
            throw FormErrors.InvalidDate(date).ToException();
        }

        if (!date.StartsWith(scope.Date, StringComparison.Ordinal))
        {
            throw FormErrors.InvalidCredential(credential, SigningErrors.CredentialDateMismatch(scope.Date, date[..8])).ToException();
        }

        if (fields.TryGet(SigV4.SecurityTokenHeader, out _))
        {
            throw SigningErrors.InvalidToken().ToException();
        }

        var key = await FindAsync(scope.AccessKeyId, cancellationToken);
        var signingKey = signingKeys.Get(key.Secret, scope);
        if (!signingKey.Verifies(Encoding.UTF8.GetBytes(policy), signature))
        {
            throw SigningErrors.SignatureDoesNotMatch(key.Id, signature, policy).ToException();
        }

        signingKeys.Keep(key.Secret, scope, signingKey);
        return key;
    }

    // The old signature still protects a policy: HMAC does not need a collision-resistant hash.
    private async ValueTask<AccessKey> AuthenticateVersion2Async(PostFields fields, string policy, CancellationToken cancellationToken)
    {
        if (s3.Value.SignatureV2 == SignatureV2Use.Off)
        {
            throw SigningErrors.UnsupportedVersion2().ToException();
        }

        var id = fields.Require(Version2KeyField);
        var signature = fields.Require(Version2SignatureField);
        var key = await FindAsync(id, cancellationToken);
        return SigV2.Verifies(key.Secret, Encoding.UTF8.GetBytes(policy), signature)
            ? key
            : throw SigningErrors.SignatureDoesNotMatch(key.Id, signature, policy).ToException();
    }

    private async ValueTask<AccessKey> FindAsync(string id, CancellationToken cancellationToken) =>
        await keys.FindAsync(id, cancellationToken) ?? throw SigningErrors.InvalidAccessKeyId(id).ToException();
}
