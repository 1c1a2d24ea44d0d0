using System.Net;
using System.Text.Json;
using MediaAspire.Api.Limits;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Api.Limits;

public sealed class LimitMiddlewareTests : IAsyncLifetime, IDisposable
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Limits:KeyRequestsPerSecond"] = "0.01",
            ["Limits:KeyBurst"] = "4",
            ["Limits:MaxConcurrentDownloads"] = "2",
            ["Limits:MaxShareOfOneSender"] = "100",
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<ITokenSource>(new TestTokens());

        // No database answers: requests do not need one for their limits.
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1"));
        builder.Services.AddMetrics();
        builder.AddProblems();
        builder.AddLimits();
        _app = builder.Build();
        _app.UseProblems();
        _app.UseRouting();
        _app.Use((context, next) =>
        {
            if (context.Request.Headers["key"].ToString() is { Length: > 0 } key)
            {
                context.SetCaller(new Caller(CallerKind.ApiKey, key, Owner: null));
            }

            return next(context);
        });
        _app.UseLimits();
        _app.MapGet("/page", () => "page");
        _app.MapGet("/held", async () => await _release.Task).LimitTransfers();
        _app.MapGet("/bytes", () => "bytes").LimitTransfers();
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        _release.TrySetResult();
        await _app.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/page")]
    [InlineData("/bytes")]
    public async Task A_key_above_its_rate_gets_429_with_the_time(string path)
    {
        for (var number = 0; number < 4; number++)
        {
            using var served = await GetAsync(path, "a");
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        using var refused = await GetAsync(path, "a");
        await AssertProblemAsync(refused, HttpStatusCode.TooManyRequests, "rate-limited");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(100));
        using var other = await GetAsync(path, "b");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_request_without_a_key_has_no_rate_unless_one_is_set()
    {
        for (var number = 0; number < 20; number++)
        {
            using var page = await GetAsync("/page", key: null);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }
    }

    [Fact]
    public async Task A_transfer_that_finds_no_place_gets_503_and_pages_are_served()
    {
        var held = new[] { GetAsync("/held", "a"), GetAsync("/held", "b") };
        var places = _app.Services.GetRequiredService<RequestLimits>().Downloads;
        await Until.TrueAsync("both places are taken", () => Task.FromResult(places.Taken == 2));

        using var refused = await GetAsync("/bytes", "c");
        await AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable, "too-many-transfers");
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter!.Delta);
        using var page = await GetAsync("/page", "c");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        _release.SetResult();
        foreach (var response in await Task.WhenAll(held))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        using var served = await GetAsync("/bytes", "c");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("key", key);
        }

        return _client.SendAsync(request);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
    }
}
