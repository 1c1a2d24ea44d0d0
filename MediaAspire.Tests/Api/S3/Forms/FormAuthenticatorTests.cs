using MediaAspire.Api.S3.Forms;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Tests.Api.S3.Signing;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.S3.Forms;

public sealed class FormAuthenticatorTests
{
    private const string Time = "20260102T030405Z";

    private static readonly string s_policy = PostPolicyTests.Base64("{}");

    private readonly ClientSigner _client = new(ClientSigner.KeyId, ClientSigner.Secret, Time);
    private readonly FormAuthenticator _server = Server(new S3Options());

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task AuthenticateAsync_Version4_IsTheKeys(string afterCredential)
    {
        var credential = $"{ClientSigner.KeyId}/20260102/us-east-1/s3/aws4_request{afterCredential}";

        var key = await AuthenticateAsync(Version4(("x-amz-credential", credential)));

        Assert.Equal(ClientSigner.KeyId, key);
    }

    [Fact]
    public async Task AuthenticateAsync_Version2_IsTheKeys()
    {
        Assert.Equal(ClientSigner.KeyId, await AuthenticateAsync(Version2()));
    }

    [Fact]
    public async Task AuthenticateAsync_Version2WhenItIsOff_IsRefused()
    {
        var server = Server(new S3Options { SignatureV2 = SignatureV2Use.Off });

        var fields = PostPolicyTests.Fields(Version2().Select(field => (field.Key, field.Value)));

        var refused = await Assert.ThrowsAsync<S3Exception>(() => server.AuthenticateAsync(fields, CancellationToken.None).AsTask());

        Assert.Equal("InvalidRequest", refused.Error.Code);
    }

    [Fact]
    public async Task AuthenticateAsync_NeitherPolicyNorSignature_IsAnonymous()
    {
        Assert.Null(await AuthenticateAsync(new() { ["key"] = "k", ["acl"] = "public-read" }));
    }

    [Theory]
    [InlineData("x-amz-signature", null, "InvalidArgument", 400)]
    [InlineData("x-amz-credential", null, "InvalidArgument", 400)]
    [InlineData("x-amz-algorithm", null, "InvalidArgument", 400)]
    [InlineData("x-amz-date", null, "InvalidArgument", 400)]
    [InlineData("policy", null, "InvalidArgument", 400)]
    [InlineData("policy", "e30", "SignatureDoesNotMatch", 403)]
    [InlineData("x-amz-signature", "abc", "SignatureDoesNotMatch", 403)]
    [InlineData("x-amz-algorithm", "AWS3", "InvalidArgument", 400)]
    [InlineData("x-amz-date", "2026-01-02", "InvalidArgument", 400)]
    [InlineData("x-amz-date", "20260103T030405Z", "InvalidArgument", 400)]
    [InlineData("x-amz-credential", "k/20260102/s3/aws4_request", "InvalidArgument", 400)]
    [InlineData("x-amz-credential", "unknown/20260102/us-east-1/s3/aws4_request", "InvalidAccessKeyId", 403)]
    [InlineData("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20260102/eu-north-1/s3/aws4_request", "SignatureDoesNotMatch", 403)]
    [InlineData("x-amz-security-token", "t", "InvalidToken", 400)]
    public async Task AuthenticateAsync_Version4FieldMissingOrWrong_IsRefused(string name, string? value, string code, int status)
    {
        Assert.Equal((code, status), await RefuseAsync(Version4((name, value))));
    }

    [Theory]
    [InlineData("signature", null, "InvalidArgument", 400)]
    [InlineData("AWSAccessKeyId", null, "InvalidArgument", 400)]
    [InlineData("policy", null, "InvalidArgument", 400)]
    [InlineData("policy", "e30", "SignatureDoesNotMatch", 403)]
    [InlineData("signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "SignatureDoesNotMatch", 403)]
    [InlineData("signature", "no base64", "SignatureDoesNotMatch", 403)]
    [InlineData("AWSAccessKeyId", "unknown", "InvalidAccessKeyId", 403)]
    public async Task AuthenticateAsync_Version2FieldMissingOrWrong_IsRefused(string name, string? value, string code, int status)
    {
        var fields = Version2();
        Set(fields, name, value);

        Assert.Equal((code, status), await RefuseAsync(fields));
    }

    [Fact]
    public async Task AuthenticateAsync_PolicyOfNobody_MissesItsSignature()
    {
        Assert.Equal(("InvalidArgument", 400), await RefuseAsync(new() { ["policy"] = s_policy }));
    }

    [Fact]
    public async Task AuthenticateAsync_FieldMissing_NamesIt()
    {
        var fields = PostPolicyTests.Fields(Version4(("x-amz-date", null)).Select(field => (field.Key, field.Value)));

        var refused = await Assert.ThrowsAsync<S3Exception>(() => _server.AuthenticateAsync(fields, CancellationToken.None).AsTask());

        Assert.Equal(
            "Bucket POST must contain a field named 'x-amz-date'.  If it is specified, please check the order of the fields.",
            refused.Error.Message);
    }

    private Dictionary<string, string> Version4((string Name, string? Value) change)
    {
        var fields = new Dictionary<string, string>
        {
            ["policy"] = s_policy,
            ["x-amz-algorithm"] = "AWS4-HMAC-SHA256",
            ["x-amz-credential"] = $"{ClientSigner.KeyId}/20260102/us-east-1/s3/aws4_request",
            ["x-amz-date"] = Time,
            ["x-amz-signature"] = _client.SignPolicy(s_policy),
        };
        Set(fields, change.Name, change.Value);
        return fields;
    }

    private static FormAuthenticator Server(S3Options options) => new(
        new SigningHarness(Time),
        new SigningKeyCache(TimeProvider.System),
        Options.Create(new SigningOptions()),
        Options.Create(options));

    private static Dictionary<string, string> Version2() => new()
    {
        ["policy"] = s_policy,
        ["AWSAccessKeyId"] = ClientSigner.KeyId,
        ["signature"] = Version2Client.Sign(s_policy),
    };

    private static void Set(Dictionary<string, string> fields, string name, string? value)
    {
        fields.Remove(name);
        if (value is not null)
        {
            fields[name] = value;
        }
    }

    private async Task<string?> AuthenticateAsync(Dictionary<string, string> fields)
    {
        var form = PostPolicyTests.Fields(fields.Select(field => (field.Key, field.Value)));
        return (await _server.AuthenticateAsync(form, CancellationToken.None))?.Id;
    }

    private async Task<(string Code, int Status)> RefuseAsync(Dictionary<string, string> fields) =>
        (await Assert.ThrowsAsync<S3Exception>(() => AuthenticateAsync(fields))).Error is var error ? (error.Code, error.Status) : default;
}
