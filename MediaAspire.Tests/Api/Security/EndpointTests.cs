using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.AspNetCore.Server;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Security;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Membership;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.Security;

/// <summary>Tests over every endpoint that the real programs map, so that a new one without a policy fails them.</summary>
public sealed partial class EndpointTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Token = "a-token-of-the-cluster";

    private static readonly string[] s_settings =
    [
        "--urls=http://127.0.0.1:0", "--ConnectionStrings:media=Host=127.0.0.1;Port=1;Timeout=1", "--ConnectionStrings:redis=127.0.0.1:1",
        "--ConnectionStrings:s3=Endpoint=http://127.0.0.1:1;AccessKey=none;SecretKey=none;Bucket=none",
        $"--Cluster:Token={Token}", $"--S3:SecretsKey={Convert.ToBase64String(new byte[32])}", "--hostBuilder:reloadConfigOnChange=false",
    ];

    [Fact]
    public async Task Every_endpoint_of_the_API_has_a_policy_or_is_listed_as_an_exemption()
    {
        await using var api = await RealProgram.StartAsync(typeof(Policies), s_settings);

        Assert.Empty(EndpointRules.FindUnprotected(api.Endpoints));
        Assert.InRange(api.Endpoints.Count, 40, 1000);
        Assert.Equal(
            Exemptions.Routes.Concat(Exemptions.SignIns).Concat(Exemptions.SecretPaths).Order(),
            api.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                .Select(EndpointRules.PatternOf).Distinct().Order());
        Assert.Equal(
            Exemptions.PublicReads.Order(),
            api.Endpoints.Where(endpoint => EndpointRules.PolicyOf(endpoint) == Policies.MediaReadOrPublic)
                .Select(EndpointRules.PatternOf).Order());
        Assert.Equal(
            Exemptions.ImageReads.Order(),
            api.Endpoints.Where(endpoint => EndpointRules.PolicyOf(endpoint) == Policies.ImagesReadOrPublic)
                .Select(EndpointRules.PatternOf).Order());
        Assert.Equal(
            Exemptions.TokenDeletes.Order(),
            api.Endpoints.Where(endpoint => EndpointRules.PolicyOf(endpoint) == Policies.ImagesWriteOrToken)
                .Select(EndpointRules.PatternOf).Order());
        Assert.Equal(
            Exemptions.SignedUploads.Order(),
            api.Endpoints.Where(endpoint => EndpointRules.PolicyOf(endpoint) == Policies.UploadsWrite)
                .Select(EndpointRules.PatternOf).Distinct().Order());
        Assert.All(api.Endpoints.Where(endpoint => EndpointRules.PolicyOf(endpoint) is not null), endpoint =>
            Assert.Equal(
                (EndpointRules.Describe(endpoint), PolicyFor(endpoint)),
                (EndpointRules.Describe(endpoint), EndpointRules.PolicyOf(endpoint))));
    }

    [Fact]
    public async Task No_text_of_a_handler_has_a_default_that_a_generated_call_of_it_would_ignore()
    {
        await using var api = await RealProgram.StartAsync(typeof(Policies), s_settings);

        var texts = api.Endpoints.SelectMany(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
            .Where(parameter => parameter.ParameterType == typeof(string) && parameter.Member.Module == typeof(Policies).Module).ToList();

        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.True(text.DefaultValue is DBNull or null, $"{text.Member.DeclaringType}.{text.Member}: {text}"));
    }

    [Fact]
    public async Task Every_endpoint_of_the_API_answers_401_without_a_key()
    {
        var port = FreePorts.Next();
        await using var api = await RealProgram.StartAsync(
            typeof(Policies), [
                .. s_settings, $"--ConnectionStrings:media={postgres.ConnectionString}",
                $"--urls=http://127.0.0.1:0;http://127.0.0.1:{port}", $"--Admin:Port={port}",
            ]);
        using var client = new HttpClient();
        var files = api.Addresses.Single(address => address.Port != port);
        var admin = new Uri($"http://127.0.0.1:{port}");

        var asked = 0;
        foreach (var endpoint in api.Endpoints)
        {
            var pattern = EndpointRules.PatternOf(endpoint);
            var path = Parameter().Replace(pattern, "x");
            foreach (var method in EndpointRules.MethodsOf(endpoint))
            {
                var expected = Exemptions.Routes.Contains(pattern) ? null
                    : pattern == "/console/openid" ? "open-id-off"
                    : Exemptions.SecretPaths.Contains(pattern) ? "share-not-found"
                    : Exemptions.SignIns.Contains(pattern) ? method == "GET" ? "not-signed-in" : "console-header-required"
                    : "api-key-required";
                Assert.Equal((method, path, expected), (method, path, await AskAsync(admin, method, path)));

                // The other listener does not even know the routes for operators.
                var hidden = AdminListener.Owns(path) ? "not-found" : expected;
                Assert.Equal((method, path, hidden), (method, path, await AskAsync(files, method, path)));
                asked++;
            }
        }

        Assert.InRange(asked, 40, 1000);
        Assert.Equal("api-key-required", await AskAsync(files, "GET", "/no-such-path"));
        Assert.Equal("api-key-required", await AskAsync(files, "PATCH", "/files"));

        // Returns the code of a refusal.
        async Task<string?> AskAsync(Uri listener, string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(listener, path));
            using var response = await client.SendAsync(request);
            switch (response.StatusCode)
            {
                case HttpStatusCode.NotFound when method == "HEAD" && path.StartsWith("/shares/", StringComparison.Ordinal):
                    return "share-not-found";
                case HttpStatusCode.Unauthorized when method == "HEAD":
                    return "api-key-required";
                case HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.Forbidden:
                    using (var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()))
                    {
                        return problem.RootElement.GetProperty("code").GetString();
                    }

                case HttpStatusCode.ServiceUnavailable when path == "/health":
                    return null;
                default:
                    return response.StatusCode == HttpStatusCode.OK ? null : $"{response.StatusCode}";
            }
        }
    }

    [Fact]
    public async Task A_route_without_a_policy_is_found_and_refused()
    {
        await using var app = Forgetful();

        Assert.Equal(
            ["GET /admin/forgotten (HTTP: GET /admin/forgotten)", "GET /open (HTTP: GET /open)", "GET /unknown (HTTP: GET /unknown)"],
            EndpointRules.FindUnprotected(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)));
    }

    [Fact]
    public async Task The_worker_maps_nothing_but_health_and_metrics()
    {
        await using var worker = await RealProgram.StartAsync(typeof(DutyHostExtensions), s_settings);

        Assert.Equal(["/alive", "/health", "/metrics"], worker.Endpoints.Select(EndpointRules.PatternOf).Order());
    }

    [Fact]
    public async Task The_node_maps_nothing_but_health_metrics_and_methods_behind_the_token()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await RealProgram.StartAsync(
            typeof(ChunkGrpcService),
            [.. s_settings, $"--Storage:DataDirectory={directory.Path}", "--Storage:AllowEphemeralData=true"]);

        // The interceptor sees every call of every service, and lets only those of the health service pass without the token.
        Assert.Contains(
            node.Services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value.Interceptors,
            interceptor => interceptor.Type == typeof(ClusterTokenInterceptor));
        var methods = node.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null).ToList();
        Assert.InRange(methods.Count, 9, 1000);
        Assert.Equal(
            ["/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"],
            methods.Select(EndpointRules.PatternOf)
                .Where(pattern => pattern.StartsWith(ClusterTokenInterceptor.OpenPrefix, StringComparison.Ordinal)).Order());
        Assert.Equal(
            ["/alive", "/health", "/metrics"],
            node.Endpoints.Except(methods).Where(endpoint => !IsUnimplemented(endpoint)).Select(EndpointRules.PatternOf).Order());

        // gRPC's own answer to calls of unknown methods.
        static bool IsUnimplemented(Endpoint endpoint) =>
            endpoint.DisplayName?.StartsWith("gRPC - Unimplemented", StringComparison.Ordinal) == true;
    }

    // A new route needs a rule here too.
    private static string PolicyFor(Endpoint endpoint) => EndpointRules.PatternOf(endpoint) switch
    {
        "/metrics" => Policies.Metrics,
        "/files/" or "/files/{id}" or "/files/{id}/layout" =>
            EndpointRules.MethodsOf(endpoint).All(method => method is "GET" or "HEAD") ? Policies.FilesRead : Policies.FilesWrite,
        var pattern when Exemptions.PublicReads.Contains(pattern) && EndpointRules.MethodsOf(endpoint).All(IsRead) =>
            Policies.MediaReadOrPublic,
        var pattern when Exemptions.ImageReads.Contains(pattern) && EndpointRules.MethodsOf(endpoint).All(IsRead) =>
            Policies.ImagesReadOrPublic,
        var pattern when Exemptions.TokenDeletes.Contains(pattern) && EndpointRules.MethodsOf(endpoint) is ["DELETE"] =>
            Policies.ImagesWriteOrToken,
        "/images/" when EndpointRules.MethodsOf(endpoint) is ["GET"] => Policies.ImagesRead,
        var pattern when pattern.StartsWith("/images/", StringComparison.Ordinal) => Policies.ImagesWrite,
        "/media/head" or "/media/{id}/data" or "/media/report" or "/media/search" => Policies.MediaRead,
        "/media/" when EndpointRules.MethodsOf(endpoint) is ["GET"] => Policies.MediaRead,
        "/media/events" => Policies.MediaEvents,
        var pattern when pattern.StartsWith("/media/", StringComparison.Ordinal) => Policies.MediaWrite,
        var pattern when pattern.StartsWith("/uploads/", StringComparison.Ordinal) => Policies.UploadsWrite,
        var pattern when pattern.StartsWith("/tags", StringComparison.Ordinal) =>
            EndpointRules.MethodsOf(endpoint) is ["GET"] ? Policies.MediaRead : Policies.MediaWrite,
        var pattern when pattern.StartsWith("/admin/", StringComparison.Ordinal) => Policies.Admin,
        "/console/events" => Policies.Admin,
        var pattern when pattern.StartsWith("/openapi/", StringComparison.Ordinal) => Policies.Admin,
        var pattern when pattern.StartsWith("/scalar", StringComparison.Ordinal) => Policies.Admin,
        var pattern => $"a rule in this test for {pattern}",
    };

    private static bool IsRead(string method) => method is "GET" or "HEAD";

    private static WebApplication Forgetful()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/files", () => "").RequireAuthorization(Policies.FilesRead);
        app.MapGet("/health", () => "").AllowAnonymous();
        app.MapGet("/admin/forgotten", () => "");
        app.MapGet("/open", () => "").RequireAuthorization(Policies.Admin).AllowAnonymous();
        app.MapGet("/unknown", () => "").RequireAuthorization("everybody");
        return app;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
