using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Requests;

/// <summary>The requests that this process has served, by route: <c>/admin/requests</c>.</summary>
internal static class RequestEndpoints
{
    private const double ShownQuantile = 0.95;

    /// <summary>Adds the statistics of requests; pairs with <see cref="MapRequests"/>.</summary>
    public static IHostApplicationBuilder AddRequestStatistics(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<RequestStatistics>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RequestStatistics>());
        return builder;
    }

    public static void MapRequests(this RouteGroupBuilder admin) =>
        admin.MapGet("/requests", Show).WithName("ShowRequests").WithSummary(
            "Show the requests to each route that this replica has served: count, statuses, mean and 95th percentile");

    private static Ok<RequestsResponse> Show(RequestStatistics statistics) => TypedResults.Ok(new RequestsResponse(
        $"{Environment.MachineName}:{Environment.ProcessId}", statistics.StartedAt, [.. statistics.List().Select(Describe)]));

    // The template of a group's root ends in a slash.
    private static string NameOf(string template) => template.Length > 1 ? template.TrimEnd('/') : template;

    private static RouteResponse Describe((string Method, string Route, RouteStatistics Requests) route)
    {
        var (count, mean, quantile) = route.Requests.Durations.Read(ShownQuantile);
        return new(
            route.Method,
            NameOf(route.Route),
            count,
            route.Requests.Statuses.ToDictionary(status => status.Status.ToString(CultureInfo.InvariantCulture), status => status.Count),
            mean,
            quantile);
    }
}

/// <param name="Replica">Machine and process id of the replica that answered. Others have counts of their own.</param>
/// <param name="Since">The start of the replica, since which requests are counted.</param>
/// <param name="Routes">The routes that had any request, in the order of their templates.</param>
internal sealed record RequestsResponse(string Replica, DateTimeOffset Since, IReadOnlyList<RouteResponse> Routes);

/// <param name="Method">The HTTP method.</param>
/// <param name="Route">The route's template, the S3 operation, or <c>(none)</c> for a request without either.</param>
/// <param name="Count">The number of requests that have ended.</param>
/// <param name="Statuses">The number of responses with each status.</param>
/// <param name="MeanSeconds">The mean duration, bodies included.</param>
/// <param name="P95Seconds">The duration that 95 % of the requests did not exceed, at most an eighth too high.</param>
internal sealed record RouteResponse(
    string Method, string Route, long Count, IReadOnlyDictionary<string, long> Statuses, double MeanSeconds, double P95Seconds);
