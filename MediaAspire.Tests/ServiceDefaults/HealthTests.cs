using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using MediaAspire.Core.Cluster;
using MediaAspire.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MediaAspire.Tests.ServiceDefaults;

public sealed class HealthTests
{
    private const string Token = "the-token";

    // Far above the limit of one check, far below the duration of a hanging one.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Health_OfADependencyThatHangs_IsAnsweredAndNamesIt()
    {
        await using var app = await StartAsync(builder => builder.Services.AddHealthChecks().AddAsyncCheck(
            "stuck", async token =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return HealthCheckResult.Healthy();
            }));

        var (status, checks) = await AskAsync(app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("Unhealthy", checks.GetProperty("stuck").GetProperty("status").GetString());
        Assert.Equal("Healthy", checks.GetProperty("self").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Health_OfARedisThatTakesConnectionsAndNeverAnswers_IsUnhealthyAgainAndAgain()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var app = await StartAsync(builder =>
        {
            builder.Configuration["ConnectionStrings:redis"] = $"{silent.LocalEndpoint},connectTimeout=1000";
            builder.AddRedisClient("redis");
        });

        for (var probe = 0; probe < 3; probe++)
        {
            var (status, checks) = await AskAsync(app);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal("Unhealthy", checks.GetProperty("StackExchange.Redis").GetProperty("status").GetString());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer another")]
    [InlineData("Basic dGhlLXRva2Vu")]
    [InlineData("the-token")]
    public async Task Details_WithoutTheToken_AreNotTold(string? authorization)
    {
        await using var app = await StartAsync(builder => builder.Services.AddHealthChecks().AddCheck(
            "database", () => HealthCheckResult.Unhealthy("db.internal refused the password of admin")));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        if (authorization is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative));
        using var alive = await client.GetAsync(new Uri("/alive", UriKind.Relative));
        using var metrics = await client.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (health.StatusCode, await health.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), (alive.StatusCode, await alive.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (metrics.StatusCode, await metrics.Content.ReadAsStringAsync()));
        Assert.Equal("Bearer", metrics.Headers.WwwAuthenticate.ToString());
        Assert.All([health, alive, metrics], response => Assert.Empty(response.Headers.Server));
    }

    [Fact]
    public async Task Details_OfAProcessWithAnEmptyToken_AreNotToldToAnybody()
    {
        await using var app = await StartAsync(builder => builder.Configuration["Cluster:Token"] = "");
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer ");

        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health", UriKind.Relative)));
        using var metrics = await client.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, metrics.StatusCode);
    }

    // As a health check publisher does, by the clock.
    [Fact]
    public async Task Check_OutsideARequest_LeavesNoTrace()
    {
        using var source = new ActivitySource("MediaAspire.Tests.HealthTests");
        using var spans = new SpanNames();
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddProcessor(spans).Build();
        await using var app = await StartAsync(builder => builder.Services.AddHealthChecks().AddCheck("dependency", () =>
        {
            source.StartActivity("query of a check")?.Dispose();
            return HealthCheckResult.Healthy();
        }));

        source.StartActivity("query of a user")?.Dispose();
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Entries["dependency"].Status);
        Assert.Equal(["query of a user"], spans.Names);
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Cluster:Token"] = Token;
        builder.Services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.SectionName);
        builder.AddServiceDefaults();
        builder.AddDiagnosticsToken<ClusterOptions>(cluster => [cluster.Token, cluster.SecondToken]);
        configure(builder);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Checks)> AskAsync(WebApplication app)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = s_patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await client.GetAsync(new Uri("/health", UriKind.Relative));
        using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, report.RootElement.GetProperty("checks").Clone());
    }

    private sealed class SpanNames : BaseProcessor<Activity>
    {
        public List<string> Names { get; } = [];

        public override void OnEnd(Activity data) => Names.Add(data.OperationName);
    }
}
