using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using MediaAspire.Core.ObjectStore;
using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Tests.ObjectStore;

public sealed class RequestPresignerTests
{
    private const string AccessKey = "AKIAIOSFODNN7EXAMPLE";
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    private static readonly Dictionary<string, string> s_noHeaders = [];

    [Theory]
    [InlineData("http://127.0.0.1:9000", "us-east-1", "media/1-a.bin")]
    [InlineData("https://s3.example.org", "eu-central-1", "a b+ü&=?#%.bin")]
    [InlineData("http://localhost:80", "us-east-1", "a//b/./../~!*'()/-_")]
    [InlineData("https://s3.example.org:8443", "x-1", "日本語/\ud83d\ude00")]
    public void Sign_Get_IsAsTheSdkSigns(string endpoint, string region, string key)
    {
        var request = new GetPreSignedUrlRequest { Verb = HttpVerb.GET };

        AssertAsSdk(endpoint, region, key, request, "", s_noHeaders);
    }

    [Fact]
    public void Sign_GetWithFilename_IsAsTheSdkSigns()
    {
        const string Disposition = "attachment; filename=\"ü b.bin\"";
        var request = new GetPreSignedUrlRequest { Verb = HttpVerb.GET };
        request.ResponseHeaderOverrides.ContentDisposition = Disposition;

        AssertAsSdk(
            "http://127.0.0.1:9000", "us-east-1", "a", request,
            "response-content-disposition=" + Uri.EscapeDataString(Disposition), s_noHeaders);
    }

    [Fact]
    public void Sign_PutWithLengthAndChecksum_IsAsTheSdkSigns()
    {
        var headers = new Dictionary<string, string>
        {
            ["Content-Length"] = "5",
            ["Content-Type"] = "text/plain; charset=utf-8",
            ["x-amz-checksum-sha256"] = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
        };
        var request = new GetPreSignedUrlRequest { Verb = HttpVerb.PUT };
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        AssertAsSdk("http://127.0.0.1:9000", "us-east-1", "a/b", request, "", headers);
    }

    [Fact]
    public void Sign_DayChanges_UsesTheKeyOfTheDay()
    {
        var presigner = new RequestPresigner(new Uri("http://127.0.0.1:1"), Connection("http://127.0.0.1:1", "us-east-1"));
        var night = new DateTimeOffset(2026, 11, 29, 23, 59, 59, TimeSpan.Zero);

        var before = Sign(presigner, night);
        var after = Sign(presigner, night.AddSeconds(1));

        Assert.Contains("%2F20261129%2F", before.Query, StringComparison.Ordinal);
        Assert.Contains("%2F20261130%2F", after.Query, StringComparison.Ordinal);
        Assert.Equal(before, Sign(presigner, night));
        Assert.Equal(
            after,
            Sign(new RequestPresigner(new Uri("http://127.0.0.1:1"), Connection("http://127.0.0.1:1", "us-east-1")), night.AddSeconds(1)));
    }

    private static Uri Sign(RequestPresigner presigner, DateTimeOffset at) =>
        presigner.Sign("GET", "a", "", s_noHeaders, at, TimeSpan.FromMinutes(15));

    private static void AssertAsSdk(
        string endpoint,
        string region,
        string key,
        GetPreSignedUrlRequest request,
        string query,
        Dictionary<string, string> headers)
    {
        using var sdk = new AmazonS3Client(
            new BasicAWSCredentials(AccessKey, SecretKey),
            new AmazonS3Config { ServiceURL = endpoint, ForcePathStyle = true, AuthenticationRegion = region });
        request.BucketName = "media";
        request.Key = key;
        request.Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(15);
        request.Protocol = endpoint.StartsWith("https", StringComparison.Ordinal) ? Protocol.HTTPS : Protocol.HTTP;
        var expected = new Uri(sdk.GetPreSignedURL(request));
        var parameters = QueryHelpers.ParseQuery(expected.Query);
        var time = DateTimeOffset.ParseExact(
            parameters["X-Amz-Date"]!, "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal);
        var lifetime = TimeSpan.FromSeconds(double.Parse(parameters["X-Amz-Expires"]!, System.Globalization.CultureInfo.InvariantCulture));

        var signed = new RequestPresigner(new Uri(endpoint), Connection(endpoint, region)).Sign(
            request.Verb == HttpVerb.GET ? "GET" : "PUT", key, query, headers, time, lifetime);

        Assert.Equal(parameters["X-Amz-Signature"], QueryHelpers.ParseQuery(signed.Query)["X-Amz-Signature"]);
        Assert.Equal(expected.AbsolutePath, signed.AbsolutePath);
    }

    private static ObjectStoreConnection Connection(string endpoint, string region) =>
        new(new Uri(endpoint), AccessKey, SecretKey, region, "media");
}
