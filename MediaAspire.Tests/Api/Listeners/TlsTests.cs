using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.AppHost.Publishing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Listeners;

/// <summary>Tests the API's program with TLS by Kestrel's own settings, as docs/operations/tls.md shows them.</summary>
public sealed class TlsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string Key = "ma_root_0123456789012345678901234567890123456789012";

    private readonly TemporaryDirectory _directory = new();
    private readonly string _accessKey = AccessKeyFormat.NewId();
    private readonly string _secret = AccessKeyFormat.NewSecret();
    private readonly (int Http, int S3, int Admin) _ports =
        (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_listener_speaks_tls_with_the_configured_certificate(bool perEndpoint)
    {
        var certificate = TlsCertificate.Write(_directory.Path);
        using var api = Start(perEndpoint ? PerEndpoint(certificate) : ForAll(certificate));
        try
        {
            using var http = Client(_ports.Http, certificate.Thumbprint);
            using var admin = Client(_ports.Admin, certificate.Thumbprint);
            await Until.TrueAsync("the API answers over TLS", async () => await AnswersAsync(http, "/alive"));

            using var http2 = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/alive")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            });
            Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (http2.StatusCode, http2.Version));
            Assert.Equal("[]", await admin.GetStringAsync("/admin/nodes"));
            using var hidden = await http.GetAsync("/admin/nodes");
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);

            await CheckS3Async(certificate.Thumbprint);
            await AssertNoCleartextAsync();
        }
        finally
        {
            api.Kill();
            await api.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task A_renewed_certificate_of_an_endpoint_is_used_without_a_restart()
    {
        // Kestrel watches the certificates of endpoints, but not the one of addresses in ASPNETCORE_URLS.
        var old = TlsCertificate.Write(_directory.Path);
        using var api = Start(PerEndpoint(old));
        try
        {
            using var before = Client(_ports.Http, old.Thumbprint);
            await Until.TrueAsync("the API answers over TLS", () => AnswersAsync(before, "/alive"));

            var renewed = TlsCertificate.Write(_directory.Path);

            await Until.TrueAsync("the new certificate is used", async () =>
            {
                using var after = Client(_ports.Http, renewed.Thumbprint);
                return await AnswersAsync(after, "/alive");
            });
        }
        finally
        {
            api.Kill();
            await api.WaitForExitAsync();
        }
    }

    private (string Name, string Value)[] ForAll(TlsCertificate certificate) =>
    [
        ("ASPNETCORE_URLS", $"https://127.0.0.1:{_ports.Http};https://127.0.0.1:{_ports.S3};https://127.0.0.1:{_ports.Admin}"),
        ("Kestrel__Certificates__Default__Path", certificate.CertificateFile),
        ("Kestrel__Certificates__Default__KeyPath", certificate.KeyFile),
    ];

    private (string Name, string Value)[] PerEndpoint(TlsCertificate certificate) =>
    [
        .. new[] { ("Http", _ports.Http), ("S3", _ports.S3), ("Admin", _ports.Admin) }.SelectMany(endpoint => new[]
        {
            ($"Kestrel__Endpoints__{endpoint.Item1}__Url", $"https://127.0.0.1:{endpoint.Item2}"),
            ($"Kestrel__Endpoints__{endpoint.Item1}__Certificate__Path", certificate.CertificateFile),
            ($"Kestrel__Endpoints__{endpoint.Item1}__Certificate__KeyPath", certificate.KeyFile),
        }),
    ];

    /// <summary>Starts the API's program without Redis and nodes, which these requests do not need.</summary>
    private Process Start((string Name, string Value)[] tls)
    {
        var start = new ProcessStartInfo(PublishedProcess.PathOf("MediaAspire.Api")) { WorkingDirectory = _directory.Path };
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in tls.Concat(
        [
            ("ConnectionStrings__media", postgres.ConnectionString),
            ("Database__AllowUnsafeSettings", "true"), // The tests' server runs with fsync = off.
            ("ConnectionStrings__redis", "127.0.0.1:1,abortConnect=false"),
            ("ConnectionStrings__s3", "Endpoint=http://127.0.0.1:1;AccessKey=none;SecretKey=none;Bucket=none"),
            ("Cluster__Token", TestNode.Token),
            ("Security__AdminKey", Key),
            ("Admin__Port", $"{_ports.Admin}"),
            ("S3__Port", $"{_ports.S3}"),
            ("S3__SecretsKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ("S3__RootAccessKey", _accessKey),
            ("S3__RootSecretKey", _secret),
        ]))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Uses S3 with the SDK, and its rule that only requests over TLS may list a bucket.</summary>
    private async Task CheckS3Async(string thumbprint)
    {
        using var s3 = new AmazonS3Client(new BasicAWSCredentials(_accessKey, _secret), new AmazonS3Config
        {
            ServiceURL = $"https://127.0.0.1:{_ports.S3}",
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            HttpClientFactory = new Pinned(thumbprint),
        });
        await Until.TrueAsync("the root key is recorded", async () =>
        {
            try
            {
                await s3.ListBucketsAsync();
                return true;
            }
            catch (AmazonS3Exception refused) when (refused.ErrorCode == "InvalidAccessKeyId")
            {
                return false;
            }
        });

        var bucket = $"tls-{Guid.CreateVersion7():N}";
        await s3.PutBucketAsync(bucket);
        await s3.DeletePublicAccessBlockAsync(new() { BucketName = bucket });
        await s3.PutBucketPolicyAsync(bucket, AccessHost.Policy(
            "Allow", "s3:ListBucket", bucket, condition: "{\"Bool\": {\"aws:SecureTransport\": \"true\"}}"));
        using var anonymous = Client(_ports.S3, thumbprint);
        anonymous.DefaultRequestHeaders.Clear();
        using var listed = await anonymous.GetAsync($"/{bucket}");
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
    }

    private async Task AssertNoCleartextAsync()
    {
        foreach (var port in new[] { _ports.Http, _ports.S3, _ports.Admin })
        {
            using var plain = new HttpClient();
            await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync($"http://127.0.0.1:{port}/alive"));
        }
    }

    private static HttpClient Client(int port, string thumbprint) => new(Handler(thumbprint))
    {
        BaseAddress = new Uri($"https://127.0.0.1:{port}"),
        DefaultRequestHeaders = { { TestApiKey.Header, Key } },
    };

    private static HttpClientHandler Handler(string thumbprint) => new()
    {
        ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == thumbprint,
    };

    private static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(path);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed class Pinned(string thumbprint) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(Handler(thumbprint));
    }
}
