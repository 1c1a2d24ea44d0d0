using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Requests;
using MediaAspire.Tests.Api.Admin;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.Requests;

public sealed class RequestStatisticsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Requests_are_counted_by_the_templates_of_their_routes_with_their_statuses_and_durations()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        string[] paths = ["/admin/things/1", "/admin/things/2", "/admin/things/0", "/no/such/path", "/no/other/path", "/admin/object"];
        foreach (var path in paths)
        {
            using var response = await client.GetAsync(path);
            await response.Content.ReadAsByteArrayAsync();
        }

        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/admin/things/1"));
        JsonElement[] routes = [];
        await Until.TrueAsync("every request is recorded", async () =>
        {
            var shown = await client.GetFromJsonAsync<JsonElement>("/admin/requests");
            Assert.Equal($"{Environment.MachineName}:{Environment.ProcessId}", shown.GetProperty("replica").GetString());
            Assert.InRange(
            shown.GetProperty("since").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-5),
            TimeProvider.System.GetUtcNow());
            routes = [.. shown.GetProperty("routes").EnumerateArray()];
            return routes.Sum(route => route.GetProperty("count").GetInt64()) >= 7 && CountOf("GET", "(none)") == 2;
        });

        Assert.Equal(3, CountOf("GET", "/admin/things/{id}"));
        var things = routes.Single(route => IsOf(route, "GET", "/admin/things/{id}"));
        Assert.Equal("""{"200":2,"404":1}""", things.GetProperty("statuses").GetRawText());
        Assert.InRange(things.GetProperty("meanSeconds").GetDouble(), 1e-6, 30);
        Assert.InRange(things.GetProperty("p95Seconds").GetDouble(), things.GetProperty("meanSeconds").GetDouble() / 3, 60);
        Assert.Equal(1, CountOf("GET", "GetObject"));
        Assert.Equal(2, CountOf("GET", "(none)"));

        long CountOf(string method, string template) =>
            routes.Where(route => IsOf(route, method, template)).Sum(route => route.GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task The_number_of_routes_is_bounded_whatever_the_instrument_says()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var statistics = new RequestStatistics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        for (var i = 0; i < 5000; i++)
        {
            statistics.Record(
                0.001, [new("http.request.method", "GET"), new("http.route", $"/{i}"), new("http.response.status_code", 200)]);
        }

        var routes = statistics.List();
        Assert.InRange(routes.Count, 2, 1001);
        Assert.Equal(5000, routes.Sum(route => route.Requests.Durations.Read(0.5).Count));
        Assert.Contains(routes, route => route.Route == "(others)");
    }

    private Task<WebApplication> StartAsync() => AdminHost.StartAsync(
        postgres,
        builder => builder.AddRequestStatistics(),
        admin =>
        {
            admin.MapRequests();
            admin.MapGet("/things/{id}", (int id) => id == 0 ? Results.NotFound() : Results.Ok());
            admin.MapGet("/object", (HttpContext http) =>
                http.Features.Get<IHttpMetricsTagsFeature>()!.Tags.Add(new(RequestStatistics.OperationTag, "GetObject")));
        });

    private static bool IsOf(JsonElement route, string method, string template) =>
        route.GetProperty("method").GetString() == method && route.GetProperty("route").GetString() == template;
}
