using MediaAspire.Api.S3.Signing;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>The worked examples of the Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)".</summary>
public sealed class AwsExamplesTests
{
    private const string Empty = SigV4.EmptySha256;

    [Theory]
    [InlineData("GET", "/test.txt", "", "range: bytes=0-9", Empty, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")]
    [InlineData("GET", "/", "lifecycle", "", Empty, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("GET", "/", "max-keys=2&prefix=J", "", Empty, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    [InlineData(
        "PUT",
        "/test%24file.text",
        "",
        "date: Fri, 24 May 2013 00:00:00 GMT|x-amz-storage-class: REDUCED_REDUNDANCY",
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")]
    public async Task AuthenticateAsync_HeaderExample_IsTheKeys(
        string method, string path, string query, string headers, string payloadHash, string signature)
    {
        var request = Request(method, path, query, headers, payloadHash, signature);

        var signer = await new SigningHarness().AuthenticateAsync(request);

        Assert.Equal(ClientSigner.KeyId, signer.Key!.Id);
        Assert.Equal(PayloadKind.Sha256, signer.Payload.Kind);
    }

    [Fact]
    public async Task AuthenticateAsync_BareCharacterInThePath_IsTakenForItsEncodedForm()
    {
        var request = Request(
            "PUT",
            "/test$file.text",
            "",
            "date: Fri, 24 May 2013 00:00:00 GMT|x-amz-storage-class: REDUCED_REDUNDANCY",
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");

        Assert.False((await new SigningHarness().AuthenticateAsync(request)).IsAnonymous);
    }

    [Theory]
    [InlineData("20130524T000000Z")]
    [InlineData("20130525T000000Z")]
    public async Task AuthenticateAsync_PresignedExampleWithinItsDay_IsTheKeys(string now)
    {
        var headers = new HeaderDictionary { ["Host"] = "examplebucket.s3.amazonaws.com" };
        const string Query = "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

        var signer = await new SigningHarness(now).AuthenticateAsync(new("GET", "/test.txt", Query, headers));

        Assert.True(signer.IsPresigned);
        Assert.Equal("owner", signer.Key!.OwnerId);
        Assert.Equal(PayloadKind.Unsigned, signer.Payload.Kind);
    }

    internal static RequestToVerify Request(
        string method,
        string path,
        string query,
        string headers,
        string payloadHash,
        string signature,
        string host = "examplebucket.s3.amazonaws.com")
    {
        var dictionary = new HeaderDictionary
        {
            ["Host"] = host,
            ["x-amz-date"] = "20130524T000000Z",
            ["x-amz-content-sha256"] = payloadHash,
        };
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            dictionary.Append(header[..colon], header[(colon + 1)..].Trim());
        }

        var names = string.Join(';', dictionary.Keys.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal));
        dictionary["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            + $"SignedHeaders={names},Signature={signature}";
        return new(method, path, query, dictionary);
    }
}
