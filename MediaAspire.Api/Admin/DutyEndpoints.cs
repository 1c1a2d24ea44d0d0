using MediaAspire.Core.Duties;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The duties and the workers that lead them: <c>/admin/duties</c>.</summary>
internal static class DutyEndpoints
{
    public static void MapDuties(this RouteGroupBuilder admin) =>
        admin.MapGet("/duties", List).WithName("ListDuties").WithSummary(
            "Show the worker that leads each duty, and the outcome of its last run");

    private static async Task<Ok<List<DutyResponse>>> List(DutyQueries duties, CancellationToken cancellationToken) =>
        TypedResults.Ok((await duties.ListAsync(cancellationToken)).Select(DutyResponse.Of).ToList());
}

/// <param name="Name">The duty.</param>
/// <param name="Worker">Machine and process id of the worker that leads it; null when none does.</param>
/// <param name="Term">Grows with every change of worker.</param>
/// <param name="LastStartedAt">Start of the last run.</param>
/// <param name="LastEndedAt">End of the last run that ended.</param>
/// <param name="LastError">The failure of that run; null when it succeeded.</param>
internal sealed record DutyResponse(
    string Name, string? Worker, long Term, DateTimeOffset? LastStartedAt, DateTimeOffset? LastEndedAt, string? LastError)
{
    public static DutyResponse Of(DutyState duty) =>
        new(duty.Name, duty.Worker, duty.Term, duty.LastStartedAt, duty.LastEndedAt, duty.LastError);
}
