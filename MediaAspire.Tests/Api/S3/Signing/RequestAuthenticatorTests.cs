using MediaAspire.Api.S3.Signing;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Signing;

public sealed class RequestAuthenticatorTests
{
    private const string Now = "20260102T030405Z";
    private const string Malformed = "AuthorizationHeaderMalformed";
    private const string IsMalformed = "The authorization header is malformed; ";

    private readonly SigningHarness _server = new(Now);
    private readonly ClientSigner _client = new(ClientSigner.KeyId, ClientSigner.Secret, Now);

    [Fact]
    public async Task AuthenticateAsync_NoSignature_IsAnonymous()
    {
        var headers = new HeaderDictionary { ["Host"] = "h", ["Authorization"] = "" };
        var signer = await _server.AuthenticateAsync(new("GET", "/b/k", "", headers));

        Assert.True(signer.IsAnonymous);
        Assert.Equal(PayloadKind.Unsigned, signer.Payload.Kind);
    }

    [Theory]
    [InlineData("AWS AKIA:c2ln", "InvalidRequest", 400,
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")]
    [InlineData("AWS HAHAHA", "InvalidArgument", 400, "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature")]
    [InlineData("Bearer abc", "InvalidArgument", 400, "Unsupported Authorization Type")]
    [InlineData("AWS4-HMAC-SHA256", "InvalidArgument", 400, "Authorization header is invalid -- one and only one ' ' (space) required")]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=a", "NotImplemented", 501,
        "Asymmetric signatures are not implemented: AWS4-ECDSA-P256-SHA256")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260102/r/s3/aws4_request,Signature=x", Malformed, 400,
        IsMalformed + "the authorization header requires three components: Credential, SignedHeaders, and Signature.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260102/r/s3/aws4_request, Signature=x, Signature=y", Malformed, 400,
        IsMalformed + "the authorization component \"Signature=y\" is malformed.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260102/s3/aws4_request, SignedHeaders=host, Signature=x", Malformed, 400,
        IsMalformed + "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260102/r/ec2/aws4_request, SignedHeaders=host, Signature=x", Malformed, 400,
        IsMalformed + "incorrect service \"ec2\". This endpoint belongs to \"s3\".")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260102/r/s3/aws5_request, SignedHeaders=host, Signature=x", Malformed, 400,
        IsMalformed + "incorrect terminal \"aws5_request\". This endpoint uses \"aws4_request\".")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/2026012/r/s3/aws4_request, SignedHeaders=host, Signature=x", Malformed, 400,
        IsMalformed + "incorrect date format \"2026012\". This date in the credential must be in the format \"yyyyMMdd\".")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260101/r/s3/aws4_request, SignedHeaders=host, Signature=x", Malformed, 400,
        IsMalformed + "Invalid credential date \"20260101\". This date is not the same as X-Amz-Date: \"20260102\".")]
    public async Task AuthenticateAsync_BadAuthorization_TellsHow(string authorization, string code, int status, string message)
    {
        var headers = new HeaderDictionary { ["Host"] = "h", ["x-amz-date"] = Now, ["Authorization"] = authorization };

        var error = await _server.RefuseAsync(new("GET", "/b/k", "", headers));

        Assert.Equal((code, status, message), (error.Code, error.Status, error.Message));
    }

    [Theory]
    [InlineData("Bad Date", "AccessDenied")]
    [InlineData("", "AccessDenied")]
    [InlineData("Tue, 07 Jul 1950 21:53:04 GMT", "AccessDenied")]
    [InlineData("Tue, 07 Jul 2010 21:53:04 GMT", "RequestTimeTooSkewed")]
    [InlineData("Tue, 07 Jul 9999 21:53:04 GMT", "RequestTimeTooSkewed")]
    [InlineData("20260102T031906Z", "RequestTimeTooSkewed")]
    [InlineData("20260102T024904Z", "RequestTimeTooSkewed")]
    public async Task AuthenticateAsync_BadTime_IsRefusedInBothVersions(string time, string code)
    {
        string[] authorizations =
        [
            "AWS AKIA:c2ln",
            "AWS4-HMAC-SHA256 Credential=a/20260102/r/s3/aws4_request, SignedHeaders=host, Signature=x",
        ];
        foreach (var authorization in authorizations)
        {
            var headers = new HeaderDictionary
            {
                ["Host"] = "h",
                ["Date"] = "Fri, 02 Jan 2026 03:04:05 GMT",
                ["Authorization"] = authorization,
            };
            headers["x-amz-date"] = new([time]);

            var error = await _server.RefuseAsync(new("PUT", "/b/k", "", headers));

            Assert.Equal((code, 403), (error.Code, error.Status));
        }
    }

    [Theory]
    [InlineData("20260102T031905Z")]
    [InlineData("20260102T024905Z")]
    public async Task AuthenticateAsync_ClockAQuarterOfAnHourOff_IsTaken(string time)
    {
        var client = new ClientSigner(ClientSigner.KeyId, ClientSigner.Secret, time);

        Assert.False((await _server.AuthenticateAsync(client.Sign("GET", "/b/k", [], []))).IsAnonymous);
    }

    [Fact]
    public async Task AuthenticateAsync_OnlyADateHeader_SignsThatDate()
    {
        var request = _client.Sign("GET", "/b/k", [], []);
        var headers = new HeaderDictionary
        {
            ["Host"] = "s3.example.org",
            ["Date"] = "Fri, 02 Jan 2026 03:04:05 GMT",
            ["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD",
        };
        var signature = _client.Sign(
            "GET\n/b/k\n\ndate:Fri, 02 Jan 2026 03:04:05 GMT\nhost:s3.example.org\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n\n"
            + "date;host;x-amz-content-sha256\nUNSIGNED-PAYLOAD");
        headers["Authorization"] = $"AWS4-HMAC-SHA256 Credential={ClientSigner.KeyId}/20260102/us-east-1/s3/aws4_request,"
            + $"SignedHeaders=date;host;x-amz-content-sha256,Signature={signature}";

        Assert.False((await _server.AuthenticateAsync(request with { Headers = headers })).IsAnonymous);
    }

    [Fact]
    public async Task AuthenticateAsync_UnknownKey_IsInvalidAccessKeyId()
    {
        var error = await _server.RefuseAsync(new ClientSigner("AKIAUNKNOWN", ClientSigner.Secret, Now).Sign("GET", "/b/k", [], []));

        Assert.Equal(("InvalidAccessKeyId", 403), (error.Code, error.Status));
        Assert.Contains(new("AWSAccessKeyId", "AKIAUNKNOWN"), error.Details);
    }

    [Fact]
    public async Task AuthenticateAsync_AnotherSecret_DoesNotMatchAndTellsWhatWasSigned()
    {
        var request = new ClientSigner(ClientSigner.KeyId, "another", Now).Sign("GET", "/b/k", [("a", "b")], []);

        var error = await _server.RefuseAsync(request);

        Assert.Equal(("SignatureDoesNotMatch", 403), (error.Code, error.Status));
        Assert.Contains(new("SignatureProvided", ClientSigner.SignatureOf(request)), error.Details);
        var canonical = error.Details.Single(detail => detail.Key == "CanonicalRequest").Value;
        Assert.StartsWith("GET\n/b/k\na=b\nhost:s3.example.org\n", canonical, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Details, detail => detail.Value.Contains(ClientSigner.Secret, StringComparison.Ordinal));
        Assert.Equal(0, _server.Keys.Count);
    }

    [Fact]
    public async Task AuthenticateAsync_SignedForAnotherRegion_TellsTheRightOne()
    {
        var server = new SigningHarness(Now, region: "eu-north-1");

        var header = await server.RefuseAsync(_client.Sign("GET", "/b/k", [], []));
        var query = await server.RefuseAsync(_client.Presign("GET", "/b/k", [], [], "60"));

        Assert.Equal("The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-north-1'", header.Message);
        Assert.Contains(new("Region", "eu-north-1"), header.Details);
        Assert.Equal("AuthorizationQueryParametersError", query.Code);
        var right = new ClientSigner(ClientSigner.KeyId, ClientSigner.Secret, Now, "eu-north-1");
        Assert.False((await server.AuthenticateAsync(right.Sign("GET", "/", [], []))).IsAnonymous);
    }

    [Fact]
    public async Task AuthenticateAsync_UnsignedAmazonHeader_IsRefusedInHeaderAndQuery()
    {
        foreach (var request in new[] { _client.Sign("PUT", "/b/k", [], []), _client.Presign("PUT", "/b/k", [], [], "60") })
        {
            request.Headers["X-Amz-Acl"] = "public-read";

            var error = await _server.RefuseAsync(request);

            Assert.Equal(("AccessDenied", "There were headers present in the request which were not signed"), (error.Code, error.Message));
            Assert.Contains(new("HeadersNotSigned", "x-amz-acl"), error.Details);
        }
    }

    [Fact]
    public async Task AuthenticateAsync_HostNotSigned_IsRefused()
    {
        var request = _client.Sign("GET", "/b/k", [], []);
        request.Headers.Authorization = request.Headers.Authorization.ToString().Replace("host;", "", StringComparison.Ordinal);

        Assert.Contains(new("HeadersNotSigned", "host"), (await _server.RefuseAsync(request)).Details);
    }

    [Fact]
    public async Task AuthenticateAsync_OtherHeadersAdded_AreNobodysBusiness()
    {
        var request = _client.Presign("GET", "/b/k", [], [], "60");
        request.Headers.UserAgent = "test";
        request.Headers["x-amzn-trace-id"] = "Root=1";
        request.Headers.Range = "bytes=0-1";

        Assert.True((await _server.AuthenticateAsync(request)).IsPresigned);
    }

    [Theory]
    [InlineData("0", 403, "AccessDenied", "Request has expired")]
    [InlineData("-7", 403, "AuthorizationQueryParametersError", "X-Amz-Expires must be non-negative")]
    [InlineData("604801", 403, "AuthorizationQueryParametersError",
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")]
    [InlineData("1h", 400, "AuthorizationQueryParametersError", "X-Amz-Expires should be a number")]
    public async Task AuthenticateAsync_LifetimeOutOfRange_IsRefused(string expires, int status, string code, string message)
    {
        var error = await _server.RefuseAsync(_client.Presign("GET", "/b/k", [], [], expires));

        Assert.Equal((status, code, message), (error.Status, error.Code, error.Message));
    }

    [Fact]
    public async Task AuthenticateAsync_PresignedUrl_LivesFromItsDateToItsLastSecond()
    {
        var request = _client.Presign("GET", "/b/k", [], [], "604800");
        var start = _server.Now;

        _server.Now = start.AddSeconds(604_800);
        Assert.True((await _server.AuthenticateAsync(request)).IsPresigned);
        _server.Now = start.AddSeconds(604_801);
        var expired = await _server.RefuseAsync(request);
        _server.Now = start.AddMinutes(-15);
        Assert.True((await _server.AuthenticateAsync(request)).IsPresigned);
        _server.Now = start.AddMinutes(-15).AddSeconds(-1);
        var early = await _server.RefuseAsync(request);

        Assert.Equal(("AccessDenied", 403, "Request has expired"), (expired.Code, expired.Status, expired.Message));
        Assert.Contains(new("Expires", "2026-01-09T03:04:05Z"), expired.Details);
        Assert.Equal(("AccessDenied", 403, "Request is not valid yet"), (early.Code, early.Status, early.Message));
    }

    [Theory]
    [InlineData(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, "
        + "X-Amz-SignedHeaders, and X-Amz-Expires parameters.")]
    [InlineData(
        "X-Amz-Algorithm=AWS3&X-Amz-Credential=c&X-Amz-Signature=s&X-Amz-Date=d&X-Amz-SignedHeaders=host&X-Amz-Expires=1",
        "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")]
    [InlineData(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Signature=s&X-Amz-Date=d&X-Amz-SignedHeaders=host&X-Amz-Expires=1",
        "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; "
        + "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")]
    [InlineData(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c/20260102/r/s3/aws4_request&X-Amz-Signature=s&X-Amz-Date=d"
        + "&X-Amz-SignedHeaders=host&X-Amz-Expires=1",
        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")]
    [InlineData(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c/20260101/r/s3/aws4_request&X-Amz-Signature=s"
        + "&X-Amz-Date=20260102T030405Z&X-Amz-SignedHeaders=host&X-Amz-Expires=1",
        "Invalid credential date \"20260101\". This date is not the same as X-Amz-Date: \"20260102\".")]
    public async Task AuthenticateAsync_BadQuery_TellsHow(string query, string message)
    {
        var error = await _server.RefuseAsync(new("GET", "/b/k", query, new HeaderDictionary { ["Host"] = "h" }));

        Assert.Equal(("AuthorizationQueryParametersError", 400, message), (error.Code, error.Status, error.Message));
    }

    [Fact]
    public async Task AuthenticateAsync_HeaderAndQuery_IsOneTooMany()
    {
        var request = _client.Presign("GET", "/b/k", [], [], "60");
        request.Headers.Authorization = "AWS4-HMAC-SHA256 x";

        Assert.Equal("InvalidArgument", (await _server.RefuseAsync(request)).Code);
    }

    [Fact]
    public async Task AuthenticateAsync_SessionToken_IsNoneOfOurs()
    {
        var header = await _server.RefuseAsync(_client.Sign("GET", "/b/k", [], [("x-amz-security-token", "t")]));
        var query = await _server.RefuseAsync(_client.Presign("GET", "/b/k", [("X-Amz-Security-Token", "t")], [], "60"));

        Assert.Equal(("InvalidToken", 400, "InvalidToken"), (header.Code, header.Status, query.Code));
    }

    [Theory]
    [InlineData("UNSIGNED-PAYLOAD", (int)PayloadKind.Unsigned, false)]
    [InlineData("44CE7DD67C959E0D3524FFAC1771DFBBA87D2B6B4B4E99E42034A8B803F8B072", (int)PayloadKind.Sha256, false)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", (int)PayloadKind.SignedChunks, true)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", (int)PayloadKind.SignedChunksWithTrailer, true)]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER", (int)PayloadKind.UnsignedChunksWithTrailer, false)]
    public async Task AuthenticateAsync_EveryFormOfPayload_IsTold(string value, int kind, bool seeded)
    {
        var request = _client.Sign("PUT", "/b/k", [], [], value);

        var signer = await _server.AuthenticateAsync(request);

        Assert.Equal((PayloadKind)kind, signer.Payload.Kind);
        Assert.Equal(seeded ? ClientSigner.SignatureOf(request) : null, signer.Seed?.Signature);
    }

    [Theory]
    [InlineData("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "NotImplemented", 501)]
    [InlineData("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER", "NotImplemented", 501)]
    [InlineData("44ce", "InvalidArgument", 400)]
    [InlineData("unsigned-payload", "InvalidArgument", 400)]
    [InlineData("", "InvalidRequest", 400)]
    public async Task AuthenticateAsync_NoPayloadOfOurs_IsRefused(string value, string code, int status)
    {
        var error = await _server.RefuseAsync(_client.Sign("PUT", "/b/k", [], [], value));

        Assert.Equal((code, status), (error.Code, error.Status));
    }

    [Fact]
    public async Task AuthenticateAsync_AnonymousChunks_MayOnlyBeUnsigned()
    {
        var headers = new HeaderDictionary { ["x-amz-content-sha256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
        RequestToVerify request = new("PUT", "/b/k", "", headers);
        Assert.Equal(PayloadKind.UnsignedChunksWithTrailer, (await _server.AuthenticateAsync(request)).Payload.Kind);

        request.Headers["x-amz-content-sha256"] = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
        Assert.Equal("InvalidRequest", (await _server.RefuseAsync(request)).Code);
    }
}
