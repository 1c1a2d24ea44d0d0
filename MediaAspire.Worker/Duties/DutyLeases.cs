using Npgsql;

namespace MediaAspire.Worker.Duties;

/// <summary>The table that says which worker does which duty. Times are the database's.</summary>
internal sealed class DutyLeases(NpgsqlDataSource database)
{
    /// <summary>This process, among all that ever held a lease.</summary>
    private readonly Guid _holder = Guid.CreateVersion7();

    /// <summary>Takes a lease that is free or expired, or renews the one that this process holds.</summary>
    /// <returns>False when another worker holds it.</returns>
    public async Task<bool> TryTakeAsync(string duty, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO duty_leases AS l (duty, holder, holder_name, expires_at) VALUES ($1, $2, $3, now() + $4)
            ON CONFLICT (duty) DO UPDATE
            SET holder = excluded.holder, holder_name = excluded.holder_name, expires_at = excluded.expires_at,
                term = CASE WHEN l.holder = excluded.holder THEN l.term ELSE l.term + 1 END
            WHERE l.holder = excluded.holder OR l.expires_at < now()
            """);
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = _holder });
        command.Parameters.Add(new() { Value = $"{Environment.MachineName}/{Environment.ProcessId}" });
        command.Parameters.Add(new() { Value = duration });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Lets another worker take over at once.</summary>
    public async Task ReleaseAsync(string duty, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE duty_leases SET expires_at = '-infinity' WHERE duty = $1 AND holder = $2");
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = _holder });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records that a run begins.</summary>
    public async Task RecordStartAsync(string duty, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE duty_leases SET last_started_at = now() WHERE duty = $1 AND holder = $2");
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = _holder });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records that a run ended, and the reason of a failure.</summary>
    public async Task RecordEndAsync(string duty, string? error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE duty_leases SET last_ended_at = now(), last_error = $3 WHERE duty = $1 AND holder = $2");
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = _holder });
        command.Parameters.Add(new() { Value = (object?)error ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
