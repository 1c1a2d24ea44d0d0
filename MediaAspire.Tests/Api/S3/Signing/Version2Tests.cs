using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>Requests signed with AWS Signature Version 2.</summary>
public sealed class Version2Tests
{
    private const string Now = "20260102T030405Z";

    private readonly SigningHarness _server = new(Now);

    private long In(int seconds) => _server.Now.ToUnixTimeSeconds() + seconds;

    /// <summary>The examples of "Signing and authenticating REST requests" in the documentation of S3.</summary>
    [Theory]
    [InlineData("GET", "johnsmith", "/photos/puppy.jpg", "", "20070327T193642Z", "Date: Tue, 27 Mar 2007 19:36:42 +0000",
        "bWq2s1WEIj+Ydj0vQ697zp+IXMU=")]
    [InlineData("GET", "awsexamplebucket1", "/photos/puppy.jpg", "", "20070327T193642Z", "Date: Tue, 27 Mar 2007 19:36:42 +0000",
        "qgk2+6Sv9/oM7G3qLEjTH1a1l1g=")]
    [InlineData("PUT", "johnsmith", "/photos/puppy.jpg", "", "20070327T211545Z",
        "Content-Type: image/jpeg|Content-Length: 94328|Date: Tue, 27 Mar 2007 21:15:45 +0000", "MyyxeRY7whkBe+bq8fHCL/2kKUg=")]
    [InlineData("GET", "johnsmith", "/", "prefix=photos&max-keys=50&marker=puppy", "20070327T194241Z",
        "User-Agent: Mozilla/5.0|Date: Tue, 27 Mar 2007 19:42:41 +0000", "htDYFYduRNen8P9ZfE/s9SuKy0U=")]
    [InlineData("GET", "johnsmith", "/", "acl", "20070327T194446Z", "Date: Tue, 27 Mar 2007 19:44:46 +0000",
        "c2WLPFtWHVgbEmeEG93a4cG37dM=")]
    [InlineData("PUT", null, "/static.johnsmith.net/db-backup.dat.gz", "", "20070327T210608Z",
        "Date: Tue, 27 Mar 2007 21:06:08 +0000|x-amz-acl: public-read|Content-Type: application/x-download"
        + "|Content-MD5: 4gJE4saaMU4BqNR0kLY+lw==|X-Amz-Meta-ReviewedBy: joe@johnsmith.net|X-Amz-Meta-ReviewedBy: jane@johnsmith.net"
        + "|X-Amz-Meta-FileChecksum: 0x02661779|X-Amz-Meta-ChecksumAlgorithm: crc32"
        + "|Content-Disposition: attachment; filename=database.dat|Content-Encoding: gzip|Content-Length: 5913339",
        "ilyl83RwaSoYIEdixDQcA4OnAnc=")]
    [InlineData("GET", null, "/", "", "20070328T012959Z", "Date: Wed, 28 Mar 2007 01:29:59 +0000", "qGdzdERIC03wnaRNKh6OqZehG9s=")]
    [InlineData("GET", null, "/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re", "", "20070328T014949Z",
        "Date: Wed, 28 Mar 2007 01:49:49 +0000", "DNEZGsoieTZ92F3bUfSPQcbGmlM=")]
    public async Task AuthenticateAsync_HeaderExampleOfTheDocumentation_IsTheKeys(
        string method, string? bucket, string path, string query, string now, string headers, string signature)
    {
        var server = new SigningHarness(now, signatureV2: SignatureV2Use.All, domains: "s3.us-west-1.amazonaws.com");
        var dictionary = Headers(headers);
        dictionary["Host"] = bucket is null ? "s3.us-west-1.amazonaws.com" : $"{bucket}.s3.us-west-1.amazonaws.com";
        dictionary["Authorization"] = $"AWS {ClientSigner.KeyId}:{signature}";

        var signer = await server.AuthenticateAsync(new(method, path, query, dictionary));

        Assert.Equal((ClientSigner.KeyId, S3Signature.Version2Header), (signer.Key!.Id, signer.Signature));
        var other = await server.RefuseAsync(new(method, path + "x", query, dictionary));
        Assert.Equal(("SignatureDoesNotMatch", 403), (other.Code, other.Status));
    }

    [Fact]
    public async Task AuthenticateAsync_QueryExampleOfTheDocumentation_IsTheKeysUntilItExpires()
    {
        var server = new SigningHarness("20070329T034020Z", domains: "s3.us-west-1.amazonaws.com");
        RequestToVerify request = new(
            "GET",
            "/photos/puppy.jpg",
            "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620",
            new HeaderDictionary { ["Host"] = "johnsmith.s3.us-west-1.amazonaws.com:8080" });

        var signer = await server.AuthenticateAsync(request);
        server.Now = server.Now.AddSeconds(1);
        var expired = await server.RefuseAsync(request);

        Assert.Equal((true, S3Signature.Version2Query), (signer.IsPresigned, signer.Signature));
        Assert.Equal(("AccessDenied", 403, "Request has expired"), (expired.Code, expired.Status, expired.Message));
        Assert.Contains(new("Expires", "2007-03-29T03:40:20Z"), expired.Details);
    }

    [Fact]
    public async Task AuthenticateAsync_HeadersMovedToTheQuery_AreSigned()
    {
        var request = Version2Client.Presign(
            "PUT", "/b/a%20b%C3%BC", In(60), "versionId=a%2Bb&x-id=PutObject", "versionId=a+b",
            ("content-md5", "XUFAKrxLKna5cZ2REBfFkg=="), ("content-type", "text/plain"), ("x-amz-acl", "public-read"),
            ("x-amz-meta-a", "grün & blau"));

        Assert.True((await _server.AuthenticateAsync(request)).IsPresigned);
        foreach (var (old, changed) in new[]
        {
            ("text%2Fplain", "text%2Fhtml"), ("x-amz-acl=public-read", "x-amz-acl=private"), ("gr%C3%BCn", "gruen"),
            ("versionId=a%2Bb", "versionId=b"), ("content-md5", "content-md6"), ("&x-amz-acl=public-read", ""),
        })
        {
            var other = request with { RawQuery = request.RawQuery.Replace(old, changed, StringComparison.Ordinal) };
            Assert.NotEqual(request.RawQuery, other.RawQuery);
            Assert.Equal("SignatureDoesNotMatch", (await _server.RefuseAsync(other)).Code);
        }
    }

    [Theory]
    [InlineData("x-amz-acl", "public-read")]
    [InlineData("X-Amz-Copy-Source", "/b/other")]
    [InlineData("Content-Type", "text/html")]
    [InlineData("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==")]
    public async Task AuthenticateAsync_HeaderAddedToAPresignedUrl_IsRefused(string name, string value)
    {
        var request = Version2Client.Presign("PUT", "/b/k", In(60));
        request.Headers[name] = value;
        var inQuery = Version2Client.Presign("PUT", "/b/k", In(60));

        var byHeader = await _server.RefuseAsync(request);
        var byQuery = await _server.RefuseAsync(
            inQuery with { RawQuery = $"{inQuery.RawQuery}&{name}={ClientSigner.Encode(value)}" });

        Assert.Equal(("SignatureDoesNotMatch", "SignatureDoesNotMatch"), (byHeader.Code, byQuery.Code));
    }

    [Theory]
    [InlineData("acl")]
    [InlineData("ACL")]
    [InlineData("%61cl=")]
    [InlineData("versionId=v")]
    [InlineData("response-content-type=text%2Fhtml")]
    [InlineData(SigningHarness.Subresource)]
    [InlineData("Retention")]
    public async Task AuthenticateAsync_OperationAddedToAPresignedUrl_IsRefused(string parameter)
    {
        var request = Version2Client.Presign("PUT", "/b/k", In(60));

        var error = await _server.RefuseAsync(request with { RawQuery = $"{request.RawQuery}&{parameter}" });

        Assert.Equal("SignatureDoesNotMatch", error.Code);
    }

    [Fact]
    public async Task AuthenticateAsync_BucketSignedWithASlashAtItsEnd_IsTheKeys()
    {
        var request = Version2Client.Presign("GET", "/bucket/", In(60), query: "acl", signedQuery: "acl");

        Assert.Equal(ClientSigner.KeyId, (await _server.AuthenticateAsync(request with { RawPath = "/bucket" })).Key!.Id);
        var key = Version2Client.Presign("GET", "/bucket/key/", In(60));
        Assert.Equal("SignatureDoesNotMatch", (await _server.RefuseAsync(key with { RawPath = "/bucket/key" })).Code);
    }

    [Fact]
    public async Task AuthenticateAsync_SignedSubresources_AreDecodedAndSorted()
    {
        var request = Version2Client.Presign(
            "GET",
            "/b/k",
            In(60),
            "versionId=v&prefix=p&response-content-disposition=attachment%3B%20filename%3D%22a%2Bb%22&acl",
            "acl&response-content-disposition=attachment; filename=\"a+b\"&versionId=v");

        Assert.True((await _server.AuthenticateAsync(request)).IsPresigned);
    }

    [Theory]
    [InlineData("AWSAccessKeyId=a&Expires=1", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")]
    [InlineData(
        "AWSAccessKeyId=a&Signature=s",
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")]
    [InlineData("Signature=s&Expires=1", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")]
    [InlineData("AWSAccessKeyId=a&Signature=s&Expires=-1", "Invalid date (should be seconds since epoch): -1")]
    [InlineData("AWSAccessKeyId=a&Signature=s&Expires=1e9", "Invalid date (should be seconds since epoch): 1e9")]
    [InlineData("AWSAccessKeyId=a&Signature=s&Expires=99999999999999", "Invalid date (should be seconds since epoch): 99999999999999")]
    [InlineData("AWSAccessKeyId=a&Signature=s&Expires=0", "Request has expired")]
    public async Task AuthenticateAsync_BadQuery_IsAccessDenied(string query, string message)
    {
        var error = await _server.RefuseAsync(new("GET", "/b/k", query, new HeaderDictionary()));

        Assert.Equal(("AccessDenied", 403, message), (error.Code, error.Status, error.Message));
    }

    [Fact]
    public async Task AuthenticateAsync_UnknownKeyOrWrongSignature_IsRefusedWithoutTheSecret()
    {
        var request = Version2Client.Presign("GET", "/b/k", In(60));

        var unknown = await _server.RefuseAsync(
            request with { RawQuery = request.RawQuery.Replace(ClientSigner.KeyId, "AKIAUNKNOWN", StringComparison.Ordinal) });
        var wrong = await _server.RefuseAsync(
            request with { RawQuery = ReplaceSignature(request.RawQuery, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=") });
        var garbage = await _server.RefuseAsync(request with { RawQuery = ReplaceSignature(request.RawQuery, "%FF*") });

        Assert.Equal(("InvalidAccessKeyId", 403), (unknown.Code, unknown.Status));
        Assert.Equal(("SignatureDoesNotMatch", 403), (wrong.Code, wrong.Status));
        Assert.Contains(new("StringToSign", $"GET\n\n\n{In(60)}\n/b/k"), wrong.Details);
        Assert.Equal("SignatureDoesNotMatch", garbage.Code);
        Assert.DoesNotContain(wrong.Details, detail => detail.Value.Contains(ClientSigner.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AuthenticateAsync_BothVersionsAtOnce_AreRefused()
    {
        var version4 = new ClientSigner(ClientSigner.KeyId, ClientSigner.Secret, Now).Presign("GET", "/b/k", [], [], "60");
        var version2 = Version2Client.Presign("GET", "/b/k", In(60));
        var inHeader = Version2Client.Presign("GET", "/b/k", In(60));
        inHeader.Headers.Authorization = $"AWS {ClientSigner.KeyId}:c2ln";

        var both = await _server.RefuseAsync(version2 with { RawQuery = $"{version2.RawQuery}&{version4.RawQuery}" });
        var oneParameter = await _server.RefuseAsync(version4 with { RawQuery = $"{version4.RawQuery}&Signature=s" });
        var header = await _server.RefuseAsync(inHeader);

        Assert.Equal(("InvalidArgument", 400), (both.Code, both.Status));
        Assert.Equal(("InvalidArgument", "InvalidArgument"), (oneParameter.Code, header.Code));
    }

    [Fact]
    public async Task AuthenticateAsync_SessionToken_IsInvalid()
    {
        var inQuery = Version2Client.Presign("GET", "/b/k", In(60), headers: ("x-amz-security-token", "t"));
        var inHeader = Version2Client.Presign("GET", "/b/k", In(60));
        inHeader.Headers["x-amz-security-token"] = "t";

        Assert.Equal("InvalidToken", (await _server.RefuseAsync(inQuery)).Code);
        Assert.Equal("InvalidToken", (await _server.RefuseAsync(inHeader)).Code);
    }

    [Theory]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "InvalidRequest")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "InvalidRequest")]
    [InlineData("44ce", "InvalidArgument")]
    public async Task AuthenticateAsync_PayloadOfVersion4_IsRefused(string declared, string code)
    {
        var request = Version2Client.Presign("PUT", "/b/k", In(60), headers: ("x-amz-content-sha256", declared));

        Assert.Equal(code, (await _server.RefuseAsync(request)).Code);
    }

    [Theory]
    [InlineData(SignatureV2Use.Presigned, true, false)]
    [InlineData(SignatureV2Use.All, true, true)]
    [InlineData(SignatureV2Use.Off, false, false)]
    public async Task AuthenticateAsync_EachSetting_AcceptsItsForms(object use, bool query, bool header)
    {
        var server = new SigningHarness(Now, signatureV2: (SignatureV2Use)use);
        const string Date = "Fri, 02 Jan 2026 03:04:05 GMT";
        var inHeader = Headers($"Date: Wed, 01 Jan 2020 00:00:00 GMT|x-amz-date: {Date}");
        inHeader["Authorization"] = $"AWS {ClientSigner.KeyId}:{Version2Client.Sign($"GET\n\n\n\nx-amz-date:{Date}\n/b/k")}";

        await CheckAsync(Version2Client.Presign("GET", "/b/k", In(60)), query);
        await CheckAsync(new("GET", "/b/k", "", inHeader), header);

        async Task CheckAsync(RequestToVerify request, bool accepted)
        {
            if (accepted)
            {
                Assert.True((await server.AuthenticateAsync(request)).IsVersion2);
            }
            else
            {
                var error = await server.RefuseAsync(request);
                Assert.Equal(
                    ("InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."),
                    (error.Code, error.Message));
            }
        }
    }

    [Fact]
    public async Task AuthenticateAsync_HeaderWithAnOldDate_IsTooSkewed()
    {
        var server = new SigningHarness(Now, signatureV2: SignatureV2Use.All);
        const string Date = "Fri, 02 Jan 2026 02:04:05 GMT";
        var headers = Headers($"Date: {Date}");
        headers["Authorization"] = $"AWS {ClientSigner.KeyId}:{Version2Client.Sign($"GET\n\n\n{Date}\n/b/k")}";

        Assert.Equal("RequestTimeTooSkewed", (await server.RefuseAsync(new("GET", "/b/k", "", headers))).Code);
    }

    private static string ReplaceSignature(string query, string signature) =>
        string.Join('&', query.Split('&').Select(pair =>
            pair.StartsWith("Signature=", StringComparison.Ordinal) ? $"Signature={signature}" : pair));

    private static HeaderDictionary Headers(string lines)
    {
        var headers = new HeaderDictionary();
        foreach (var line in lines.Split('|'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Append(line[..colon], line[(colon + 1)..].Trim());
        }

        return headers;
    }
}
