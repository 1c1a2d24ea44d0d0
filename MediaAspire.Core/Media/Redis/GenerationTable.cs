using MediaAspire.Core.Duties;
using Npgsql;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The row of PostgreSQL that says which generation of values in Redis may be read.</summary>
public sealed class GenerationTable(NpgsqlDataSource database)
{
    // Another run of the server, another database or another table has another text: after a crash, a fail-over or any kind of restore.
    private const string ServerRun =
        """
        format('%s/%s/%s', extract(epoch FROM pg_postmaster_start_time()),
            (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()), tableoid)
        """;

    /// <summary>Reads the row.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<MetadataGeneration> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT generation, nonce, mode = 'hot' AND server_run = {ServerRun}, mode, reason, changed_at FROM metadata_generation");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new NpgsqlException(
                "The table metadata_generation is empty. Insert its row: INSERT INTO metadata_generation DEFAULT VALUES.");
        }

        var isHot = reader.GetBoolean(2);
        var reason = isHot || reader.GetString(3) == "bypass"
            ? reader.GetString(4)
            : "The database server was restarted, or the database was replaced.";
        return new(reader.GetInt64(0), reader.GetString(1), isHot, reason, reader.GetFieldValue<DateTimeOffset>(5));
    }

    /// <summary>Reads the run of the database server.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<string> ReadServerRunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {ServerRun} FROM metadata_generation");
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Closes a generation if it is still the current one, and wakes the worker that opens the next.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task CloseAsync(string nonce, string reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH closed AS (
                UPDATE metadata_generation SET mode = 'bypass', reason = $2, changed_at = clock_timestamp()
                WHERE nonce = $1 AND mode = 'hot' RETURNING nonce
            )
            SELECT pg_notify($3, $4) FROM closed
            """);
        command.Parameters.Add(new() { Value = nonce });
        command.Parameters.Add(new() { Value = reason });
        command.Parameters.Add(new() { Value = DutySignals.Channel });
        command.Parameters.Add(new() { Value = DutyNames.Metadata });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records why no generation could be opened yet.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task ExplainAsync(string closed, string reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE metadata_generation SET reason = $2 WHERE nonce = $1 AND mode = 'bypass' AND reason <> $2");
        command.Parameters.Add(new() { Value = closed });
        command.Parameters.Add(new() { Value = reason });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Opens the generation that follows a closed one. No process may hold a lease on the closed one any more.</summary>
    /// <param name="closed">The nonce of the closed one.</param>
    /// <param name="nonce">The nonce of the next.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="false"/> when another generation is the current one by now.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<bool> TryOpenAsync(string closed, string nonce, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            UPDATE metadata_generation SET generation = generation + 1, nonce = $2, mode = 'hot', reason = '',
                changed_at = clock_timestamp(), server_run = {ServerRun}
            WHERE nonce = $1 AND NOT (mode = 'hot' AND server_run = {ServerRun})
            """);
        command.Parameters.Add(new() { Value = closed });
        command.Parameters.Add(new() { Value = nonce });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
