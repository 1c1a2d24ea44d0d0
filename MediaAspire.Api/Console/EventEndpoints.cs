using System.ComponentModel;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Console.Feed;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

/// <summary>The events that the pages show live, <c>/console/events</c>.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/console").WithTags("Console").WithAuditedProblems()
            .MapGet("/events", Listen).WithName("ListenToEvents").RequireAuthorization(Policies.Admin)
            .WithSummary("Listen to the overview, nodes, jobs, long work and uploads, as server-sent events")
            .Produces<OverviewResponse>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable)

            // A stream lasts for hours, which says nothing about the durations of requests.
            .DisableHttpMetrics();

    private static async Task<IResult> Listen(
        [FromQuery, Description("Names of topics, separated by commas; all without it.")] string? topics,
        HttpContext http,
        ConsoleFeed feed,
        AdminListener listener,
        EventStreamPlaces places,
        StreamAccess access,
        IOptions<ConsoleOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        // As the routes that read the same.
        if (!listener.Received(http))
        {
            return TypedResults.NotFound();
        }

        var wanted = topics is { Length: > 0 }
            ? topics.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList()
            : feed.Names;
        if (wanted.FirstOrDefault(name => !feed.Names.Contains(name)) is { } unknown)
        {
            return ConsoleErrors.UnknownTopic(unknown, feed.Names);
        }

        if (places.TryTake(http) is not { } place)
        {
            return ConsoleErrors.TooManyStreams();
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, feed.Stopping);
        try
        {
            using var subscription = feed.Subscribe(wanted);
            await new EventStream(http.Response, options.Value.EventHeartbeat, time).SendAsync(
                subscription, token => access.IsAllowedAsync(http, ApiScopes.Admin, token), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has disconnected, or the process stops.
        }
        finally
        {
            place.Release();
        }

        return Results.Empty;
    }
}
