using System.Diagnostics;
using MediaAspire.ServiceDefaults;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace MediaAspire.Tests.ServiceDefaults;

/// <summary>Tests that traces have requests, jobs and duties, but no noise.</summary>
public sealed class TracingTests
{
    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/alive")]
    [InlineData("GET", "/metrics")]
    [InlineData("POST", "/grpc.health.v1.Health/Check")]
    public async Task Poll_WithWhatItCauses_IsNotTraced(string method, string path)
    {
        await using var app = await TracedApp.StartAsync(Map);

        Assert.Empty(await SpansOfAsync(app, method, path));
    }

    [Theory]
    [InlineData("GET", "/files/1")]
    [InlineData("GET", "/admin/nodes")]
    public async Task Request_WithWhatItCauses_IsTraced(string method, string path)
    {
        await using var app = await TracedApp.StartAsync(Map);

        var spans = await SpansOfAsync(app, method, path);

        Assert.Equal(["SELECT files", $"{method} {{*path}}"], spans.Select(span => span.DisplayName));
        Assert.Equal(path, spans.Single(span => span.Kind == ActivityKind.Server).GetTagItem("url.path"));
    }

    [Fact]
    public async Task Request_OfACallerThatDoesNotRecord_IsNotTraced()
    {
        await using var app = await TracedApp.StartAsync(Map);

        Assert.Empty(await SpansOfAsync(app, "GET", "/files/1", ActivityTraceFlags.None));
    }

    [Fact]
    public async Task Call_OutsideOfAnyRequestJobOrDuty_IsNotTraced()
    {
        await using var app = await TracedApp.StartAsync();
        var mark = $"{Guid.CreateVersion7()}";

        Activity.Current = null;
        using (TracedApp.Source.StartActivity("heartbeat", ActivityKind.Client, default(ActivityContext), [new("mark", mark)]))
        {
        }

        using (TracedApp.Source.StartActivity("duty", ActivityKind.Internal, default(ActivityContext), [new("mark", mark)]))
        using (TracedApp.Source.StartActivity("query", ActivityKind.Client, default(ActivityContext), [new("mark", mark)]))
        {
        }

        Assert.Equal(["query", "duty"], app.SpansWith("mark", mark).Select(span => span.OperationName));
    }

    [Fact]
    public async Task Redis_PingsOfAClientThatARequestConnected_AreNotTraced()
    {
        await using var redis = await TestRedis.StartAsync();
        await using var app = await TracedApp.StartAsync(
            routes => routes.MapGet("/redis", async (IConnectionMultiplexer connection) =>
            {
                var database = connection.GetDatabase();
                await database.PingAsync();
                await database.ExecuteAsync("CLIENT", "GETNAME");
                await database.StringSetAsync("key", "value");
            }),
            builder =>
            {
                builder.Configuration["ConnectionStrings:redis"] = redis.ConnectionString;
                builder.AddRedisClient("redis");
            });

        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        await SendAsync(app, "GET", "/redis", caller);

        // The client's instrumentation hands its spans over in the background, together.
        await Until.TrueAsync(
            "Redis's spans are there",
            () => Task.FromResult(app.SpansOf(caller.TraceId).Exists(span => span.Kind == ActivityKind.Client)));
        var commands = app.SpansOf(caller.TraceId).Where(span => span.Source.Name == RedisHousekeepingFilter.SourceName);
        Assert.Equal(["SET"], commands.Select(span => span.DisplayName));
    }

    private static void Map(WebApplication app) => app.Map("{*path}", () =>
    {
        // A span in the form of Npgsql's statements.
        using var statement = TracedApp.Source.StartActivity("SELECT files", ActivityKind.Client);
    });

    private static async Task<List<Activity>> SpansOfAsync(
        TracedApp app, string method, string path, ActivityTraceFlags flags = ActivityTraceFlags.Recorded)
    {
        var trace = ActivityTraceId.CreateRandom();
        await SendAsync(app, method, path, new ActivityContext(trace, ActivitySpanId.CreateRandom(), flags));

        // A span ends after its response: this one ends after it.
        var later = ActivityTraceId.CreateRandom();
        await SendAsync(app, "GET", "/files/later", new ActivityContext(later, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded));
        await Until.TrueAsync(
            "a later request's span is there",
            () => Task.FromResult(app.SpansOf(later).Exists(span => span.Kind == ActivityKind.Server)));
        return app.SpansOf(trace);
    }

    private static async Task SendAsync(TracedApp app, string method, string path, ActivityContext caller)
    {
        // The test's own client must not add spans of its own.
        Activity.Current = null;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("traceparent", $"00-{caller.TraceId}-{caller.SpanId}-{(int)caller.TraceFlags:x2}");
        using var response = await app.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode || path.StartsWith("/health", StringComparison.Ordinal), $"{response.StatusCode}");
    }
}
