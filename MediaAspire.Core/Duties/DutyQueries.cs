using Npgsql;

namespace MediaAspire.Core.Duties;

/// <summary>Reads which workers lead the duties.</summary>
public sealed class DutyQueries(NpgsqlDataSource database)
{
    /// <summary>Lists the duties that any worker has ever led, by name.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<IReadOnlyList<DutyState>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT duty, CASE WHEN expires_at > now() THEN holder_name END, term, last_started_at, last_ended_at, last_error
            FROM duty_leases ORDER BY duty
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var duties = new List<DutyState>();
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

        return duties;
    }
}

/// <summary>The leadership of one duty, and its last run.</summary>
/// <param name="Name">One of <see cref="DutyNames"/>.</param>
/// <param name="Worker">Machine and process id of the worker that leads it; null when none does.</param>
/// <param name="Term">Grows with every change of worker.</param>
/// <param name="LastStartedAt">Start of the last run.</param>
/// <param name="LastEndedAt">End of the last run that ended.</param>
/// <param name="LastError">The reason why that run failed; null when it succeeded.</param>
public sealed record DutyState(
    string Name, string? Worker, long Term, DateTimeOffset? LastStartedAt, DateTimeOffset? LastEndedAt, string? LastError);
