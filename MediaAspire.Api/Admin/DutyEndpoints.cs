using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace MediaAspire.Api.Admin;

/// <summary>Who does which duty: <c>/admin/duties</c>.</summary>
internal static class DutyEndpoints
{
    public static void MapDuties(this RouteGroupBuilder admin) =>
        admin.MapGet("/duties", List).WithName("ListDuties").WithSummary("Show which worker leads each duty, and how its last run went");

    private static async Task<Ok<List<DutyResponse>>> List(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT duty, CASE WHEN expires_at > now() THEN holder_name END, term, last_started_at, last_ended_at, last_error
            FROM duty_leases ORDER BY duty
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var duties = new List<DutyResponse>();
        while (await reader.ReadAsync(cancellationToken))
        {
            duties.Add(new(
                reader.GetString(0),
                reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return TypedResults.Ok(duties);
    }
}

/// <param name="Name">The duty.</param>
/// <param name="Worker">Machine and process id of the worker that leads it; null when none does.</param>
/// <param name="Term">Grows with every change of worker.</param>
/// <param name="LastStartedAt">Start of the last run.</param>
/// <param name="LastEndedAt">End of the last run that ended.</param>
/// <param name="LastError">Why that run failed; null when it did not.</param>
internal sealed record DutyResponse(
    string Name, string? Worker, long Term, DateTimeOffset? LastStartedAt, DateTimeOffset? LastEndedAt, string? LastError);
