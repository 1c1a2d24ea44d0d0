using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.AccessKeys;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>A server that knows one key, at a time of its own.</summary>
internal sealed class SigningHarness : IAccessKeys
{
    /// <summary>A sub-resource that the lists of version 2 do not name.</summary>
    public const string Subresource = "retention";

    public SigningHarness(
        string now = "20130524T000000Z",
        string? region = null,
        SignatureV2Use signatureV2 = SignatureV2Use.Presigned,
        params string[] domains)
    {
        Assert.True(SigningTime.TryParseIso8601(now, out var time));
        Now = time;
        Keys = new SigningKeyCache(TimeProvider.System);
        var signing = Options.Create(new SigningOptions { Region = region });
        var s3 = Options.Create(new S3Options { SignatureV2 = signatureV2 });
        foreach (var domain in domains)
        {
            s3.Value.Domains.Add(domain);
        }

        var clock = new FixedTime(this);
        var skew = new SigningClock(clock, signing);
        var router = new S3Router([new("PutObjectRetention", "PUT", S3Scope.Object, null, typeof(SigningHarness))
        {
            Subresource = Subresource,
        }]);
        Authenticator = new RequestAuthenticator(
            this, Keys, new Version2Authenticator(this, router, skew, clock, s3), skew, clock, signing);
    }

    public DateTimeOffset Now { get; set; }

    public SigningKeyCache Keys { get; }

    public RequestAuthenticator Authenticator { get; }

    public ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(accessKeyId == ClientSigner.KeyId ? new AccessKey(accessKeyId, "owner", "Owner", ClientSigner.Secret) : null);

    public bool IsCached(string accessKeyId) => accessKeyId == ClientSigner.KeyId;

    public async Task<Signer> AuthenticateAsync(RequestToVerify request) =>
        await Authenticator.AuthenticateAsync(request, CancellationToken.None);

    public async Task<S3Error> RefuseAsync(RequestToVerify request) =>
        (await Assert.ThrowsAsync<S3Exception>(() => AuthenticateAsync(request))).Error;

    private sealed class FixedTime(SigningHarness harness) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => harness.Now;
    }
}
