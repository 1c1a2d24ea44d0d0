using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Notifications;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Admin;

/// <summary>The targets of notifications, their events and dead letters: <c>/admin/notifications</c>.</summary>
internal static class NotificationEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapNotifications(this RouteGroupBuilder admin)
    {
        var notifications = admin.MapGroup("/notifications").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        notifications.MapGet("", List).WithName("ListNotificationTargets")
            .WithSummary("Show the targets of notifications, and the events that wait for them");
        notifications.MapGet("/{target}/events", ListEvents).WithName("ListNotificationEvents")
            .WithSummary("List events of a target in one state, in the order of their sequence numbers").ProducesTargetProblems();
        notifications.MapPost("/{target}/replay", Replay).WithName("ReplayNotifications")
            .WithSummary("Send delivered and dead events of a target again").ProducesTargetProblems();
    }

    private static async Task<Ok<NotificationTargetsResponse>> List(
        NotificationQueries queries,
        IOptions<NotificationOptions> options,
        IOptions<S3Options> s3,
        CancellationToken cancellationToken)
    {
        var states = (await queries.ReadStatesAsync(cancellationToken)).ToDictionary(state => state.Target, StringComparer.Ordinal);
        var names = states.Keys.Union(options.Value.Targets.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return TypedResults.Ok(new NotificationTargetsResponse(
        [
            .. names.Select(name => NotificationTargetResponse.Of(
                new NotificationArn(s3.Value.Region, name),
                options.Value.Targets.TryGetValue(name, out var target) ? target : null,
                states.GetValueOrDefault(name) ?? new NotificationTargetState(name, 0, 0, 0, 0))),
        ]));
    }

    private static async Task<Results<Ok<NotificationEventsResponse>, ProblemHttpResult>> ListEvents(
        string target,
        NotificationQueries queries,
        IOptions<NotificationOptions> options,
        CancellationToken cancellationToken,
        [FromQuery, Description("pending, delivered or dead, which is the default.")] string? state = null,
        [FromQuery, Description("Only events with greater sequence numbers; the last page's \"next\".")] long after = 0,
        [FromQuery, Range(1, MaxLimit), Description("Events on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if ((state is null ? NotificationState.Dead : NotificationStates.Find(state)) is not { } wanted)
        {
            return NotificationErrors.InvalidState(state!);
        }

        if (limit is < 1 or > MaxLimit)
        {
            return NotificationErrors.InvalidLimit(limit, MaxLimit);
        }

        if (!await ExistsAsync(target, queries, options.Value, cancellationToken))
        {
            return NotificationErrors.NotFound(target);
        }

        var events = await queries.ListAsync(target, wanted, after, limit, cancellationToken);
        return TypedResults.Ok(new NotificationEventsResponse(
            [.. events.Select(NotificationEventResponse.Of)], events.Count < limit ? null : events[^1].Event.Sequence));
    }

    private static async Task<Results<Ok<NotificationReplayResponse>, ProblemHttpResult>> Replay(
        string target,
        [FromBody] NotificationReplayRequest? request,
        NotificationQueries queries,
        IOptions<NotificationOptions> options,
        CancellationToken cancellationToken)
    {
        if (request?.From is not { } from || from < 0 || request.To < from)
        {
            return NotificationErrors.InvalidRange();
        }

        var only = NotificationStates.Find(request.Only);
        if (request.Only is not null && only is null or NotificationState.Pending)
        {
            return NotificationErrors.NotReplayable(request.Only ?? "");
        }

        if (!await ExistsAsync(target, queries, options.Value, cancellationToken))
        {
            return NotificationErrors.NotFound(target);
        }

        var replayed = await queries.ReplayAsync(
            target, from, request.To ?? long.MaxValue, only, DutySignals.Wake(DutyNames.NotificationsTo(target)), cancellationToken);
        return TypedResults.Ok(new NotificationReplayResponse(replayed));
    }

    private static async Task<bool> ExistsAsync(
        string target, NotificationQueries queries, NotificationOptions options, CancellationToken cancellationToken) =>
        options.Targets.ContainsKey(target)
        || (await queries.ReadStatesAsync(cancellationToken)).Any(state => state.Target == target);

    private static void ProducesTargetProblems(this RouteHandlerBuilder route) =>
        route.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
}
