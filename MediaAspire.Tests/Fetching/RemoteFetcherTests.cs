using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaAspire.Core.Fetching;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Fetching;

public sealed class RemoteFetcherTests
{
    [Fact]
    public async Task FetchAsync_Picture_BytesAndValidators()
    {
        var content = TestBytes.Make(seed: 1, 100_000);
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            context.Response.Headers.ETag = "\"one\"";
            context.Response.Headers.LastModified = "Sun, 06 Nov 1994 08:49:37 GMT";
            context.Response.Headers.CacheControl = "public, max-age=60, s-maxage=90";
            context.Response.Headers.Age = "30";
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        });
        using var harness = HarnessOf(origin);

        var (result, bytes) = await harness.FetchAsync($"http://origin.example:{origin.Port}/a%2Fb.png?x=%20y#fragment");

        Assert.Null(result.Failure);
        Assert.Equal(content, bytes);
        Assert.Equal(content.Length, result.Bytes);
        Assert.Equal("\"one\"", result.ETag);
        Assert.Equal("Sun, 06 Nov 1994 08:49:37 GMT", result.LastModified);
        Assert.Equal(TimeSpan.FromSeconds(60), result.Freshness);
    }

    [Fact]
    public async Task FetchAsync_KnownValidators_Unchanged()
    {
        await using var origin = await OriginServer.StartAsync(context =>
        {
            var known = context.Request.Headers.IfNoneMatch == "\"one\"" && context.Request.Headers.IfModifiedSince.Count == 1;
            context.Response.StatusCode = known ? 304 : 200;
            return Task.CompletedTask;
        });
        using var harness = HarnessOf(origin);

        var (result, bytes) = await harness.FetchAsync(
            $"http://origin.example:{origin.Port}/", etag: "\"one\"", lastModified: "Sun, 06 Nov 1994 08:49:37 GMT");

        Assert.Null(result.Failure);
        Assert.True(result.IsUnchanged);
        Assert.Empty(bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FetchAsync_MoreBytesThanAllowed_TooLarge(bool isDeclared)
    {
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            context.Response.ContentLength = isDeclared ? 1001 : null;
            await context.Response.Body.WriteAsync(new byte[1001], context.RequestAborted);
        });
        using var harness = HarnessOf(origin);

        var (result, bytes) = await harness.FetchAsync($"http://origin.example:{origin.Port}/", maxBytes: 1000);

        Assert.Equal("validate-file-size", result.Failure!.Code);
        Assert.True(bytes.Length <= 1000);
    }

    [Theory]
    [InlineData(404, "origin-status", FetchFailureKind.Rejected)]
    [InlineData(204, "origin-status", FetchFailureKind.Rejected)]
    [InlineData(304, "origin-status", FetchFailureKind.Rejected)]
    [InlineData(401, "origin-status", FetchFailureKind.Rejected)]
    [InlineData(500, "origin-status", FetchFailureKind.Unavailable)]
    [InlineData(429, "origin-status", FetchFailureKind.Unavailable)]
    [InlineData(200, "validate-file-empty", FetchFailureKind.Rejected)]
    public async Task FetchAsync_NoContent_Failure(int status, string code, FetchFailureKind kind)
    {
        await using var origin = await OriginServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var harness = HarnessOf(origin);

        var (result, _) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Equal((code, kind), (result.Failure!.Code, result.Failure.Kind));
    }

    [Fact]
    public async Task FetchAsync_EncodedBody_Rejected()
    {
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(new byte[10], context.RequestAborted);
        });
        using var harness = HarnessOf(origin);

        var (result, _) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Equal("origin-encoding", result.Failure!.Code);
    }

    [Fact]
    public async Task FetchAsync_EndlessRedirects_Limit()
    {
        await using var origin = await OriginServer.StartAsync(context =>
        {
            context.Response.Redirect("/again");
            return Task.CompletedTask;
        });
        using var harness = HarnessOf(origin);

        var (result, _) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Equal("redirect-limit", result.Failure!.Code);
        Assert.Equal(6, origin.Requests.Count);
    }

    [Fact]
    public async Task FetchAsync_TooManyHeaders_Unreachable()
    {
        await using var origin = await OriginServer.StartAsync(context =>
        {
            context.Response.Headers["X-Long"] = new string('x', 40 * 1024);
            return context.Response.WriteAsync("picture");
        });
        using var harness = HarnessOf(origin);

        var (result, bytes) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Equal("origin-unreachable", result.Failure!.Code);
        Assert.Empty(bytes);
    }

    [Fact]
    public async Task FetchAsync_BodyThatEndsEarly_Unavailable()
    {
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync(new byte[50], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        using var harness = HarnessOf(origin);

        var (result, _) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Equal(("origin-unreachable", FetchFailureKind.Unavailable), (result.Failure!.Code, result.Failure.Kind));
    }

    [Theory]
    [InlineData(true, "stream-too-slow")]
    [InlineData(false, "origin-timeout")]
    public async Task FetchAsync_SlowBody_Ends(bool hasRate, string code)
    {
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(new byte[10], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        var options = FetchHarness.Allowing("127.0.0.1/32", origin.Port);
        options.MinBytesPerSecond = hasRate ? 1024 : 0;
        options.RateGrace = TimeSpan.FromMilliseconds(100);
        options.Timeout = TimeSpan.FromMilliseconds(hasRate ? 60_000 : 300);
        using var harness = new FetchHarness(options).Name("origin.example", "127.0.0.1");

        var (result, _) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Equal(code, result.Failure!.Code);
    }

    [Fact]
    public async Task FetchAsync_FirstAddressDead_NextOneIsTried()
    {
        await using var origin = await OriginServer.StartAsync(context => context.Response.WriteAsync("picture"), "127.0.0.3");
        using var harness = new FetchHarness(FetchHarness.Allowing("127.0.0.0/8", origin.Port))
            .Name("origin.example", "127.0.0.4", "127.0.0.3");

        var (result, bytes) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Null(result.Failure);
        Assert.Equal("picture"u8.ToArray(), bytes);
    }

    [Fact]
    public async Task FetchAsync_Https_TrustsTheNameAndNotTheAddress()
    {
        using var certificate = CertificateFor("origin.example");
        await using var origin = await OriginServer.StartAsync(
            context => context.Response.WriteAsync(context.Request.Host.Host), certificate: certificate);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        using var harness = new FetchHarness(FetchHarness.Allowing("127.0.0.1/32", origin.Port), trust)
            .Name("origin.example", "127.0.0.1")
            .Name("other.example", "127.0.0.1");

        var (right, bytes) = await harness.FetchAsync($"https://origin.example:{origin.Port}/");
        var (wrong, _) = await harness.FetchAsync($"https://other.example:{origin.Port}/");

        Assert.Null(right.Failure);
        Assert.Equal("origin.example"u8.ToArray(), bytes);
        Assert.Equal("origin-unreachable", wrong.Failure!.Code);
    }

    [Fact]
    public async Task FetchAsync_RedirectFromHttpsToHttp_Refused()
    {
        using var certificate = CertificateFor("origin.example");
        await using var plain = await OriginServer.StartAsync(context => context.Response.WriteAsync("picture"));
        await using var origin = await OriginServer.StartAsync(
            context =>
            {
                context.Response.Redirect($"http://origin.example:{plain.Port}/");
                return Task.CompletedTask;
            },
            certificate: certificate);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        using var harness = new FetchHarness(FetchHarness.Allowing("127.0.0.1/32", origin.Port, plain.Port), trust)
            .Name("origin.example", "127.0.0.1");

        var (result, _) = await harness.FetchAsync($"https://origin.example:{origin.Port}/");

        Assert.Equal("url-refused", result.Failure!.Code);
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task FetchAsync_PlatformsOwnRequest_IsRecognisable()
    {
        await using var origin = await OriginServer.StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Headers.Via}|{context.Request.Headers.Cookie}"));
        using var harness = HarnessOf(origin);

        var (_, bytes) = await harness.FetchAsync($"http://origin.example:{origin.Port}/");

        Assert.Equal($"1.1 {RemoteFetcher.ViaToken}|", System.Text.Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Read_HostLists_DeniedIsStronger()
    {
        using var harness = new FetchHarness(new FetchingOptions
        {
            AllowedHosts = "*.example.com, pictures.example",
            DeniedHosts = "private.example.com",
        });

        Assert.Null(harness.Urls.Read("https://a.b.example.com/x", out _));
        Assert.Null(harness.Urls.Read("https://PICTURES.example./x", out _));
        Assert.Equal("url-refused", harness.Urls.Read("https://example.com/x", out _)!.Code);
        Assert.Equal("url-refused", harness.Urls.Read("https://private.example.com/x", out _)!.Code);
        Assert.Equal("url-refused", harness.Urls.Read("https://notexample.com/x", out _)!.Code);
    }

    [Fact]
    public void Read_LongAddress_Invalid()
    {
        using var harness = new FetchHarness();

        Assert.Equal("url-invalid", harness.Urls.Read("https://a.example/" + new string('x', UrlRules.MaxLength), out _)!.Code);
    }

    [Theory]
    [InlineData("80,0")]
    [InlineData("")]
    [InlineData("http")]
    public void Validate_WrongPorts_Fails(string ports) =>
        Assert.True(new FetchingListsValidator().Validate(null, new FetchingOptions { AllowedPorts = ports }).Failed);

    [Fact]
    public void Validate_WrongNetworksAndHosts_Fails()
    {
        var options = new FetchingOptions { AllowedNetworks = "10.0.0.0/33", DeniedHosts = "a b" };

        var failures = new FetchingListsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(2, failures.Count);
        Assert.Contains("10.0.0.0/33", failures[1], StringComparison.Ordinal);
    }

    private static FetchHarness HarnessOf(OriginServer origin) =>
        new FetchHarness(FetchHarness.Allowing("127.0.0.1/32", origin.Port)).Name("origin.example", "127.0.0.1");

    private static X509Certificate2 CertificateFor(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
