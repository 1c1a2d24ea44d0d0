using MediaAspire.Core.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Audit;

/// <summary>The audit log: <c>/admin/audit</c>.</summary>
internal static class AuditEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapAuditEvents(this RouteGroupBuilder admin) =>
        admin.MapGet("/audit", List).WithName("ListAuditEvents")
            .WithSummary("List changes and refusals, the newest first; or export them as lines of JSON, the oldest first")
            .Produces<AuditEventsResponse>(StatusCodes.Status200OK, "application/json", AuditExport.ContentType)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<AuditEventsResponse>, AuditExport, ProblemHttpResult>> List(
        [AsParameters] AuditQuery query, HttpRequest request, AuditStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var (filter, problem) = query.Read();
        if (filter is null)
        {
            return problem!;
        }

        Guid? after = null;
        if (query.After is { Length: > 0 } cursor)
        {
            if (!Guid.TryParse(cursor, out var id))
            {
                return AuditErrors.InvalidCursor(cursor);
            }

            after = id;
        }

        if (WantsLines(request))
        {
            return query.Limit is < 1
                ? AuditErrors.InvalidLimit(query.Limit.Value, int.MaxValue)
                : new AuditExport(store, filter, after, query.Limit ?? long.MaxValue, time);
        }

        var limit = query.Limit ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit)
        {
            return AuditErrors.InvalidLimit(limit, MaxLimit);
        }

        var events = await store.ListAsync(filter, after, oldestFirst: false, limit, cancellationToken);
        return TypedResults.Ok(new AuditEventsResponse(
            [.. events.Select(AuditEventResponse.Of)], events.Count < limit ? null : events[^1].Id));
    }

    private static bool WantsLines(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(AuditExport.ContentType, StringComparison.OrdinalIgnoreCase));
}
