using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Rebalancing;

/// <summary>The rebalances that were planned, run or have ended.</summary>
/// <remarks>Every method is one transaction. RebalanceStore.Moves.cs has what a run needs.</remarks>
public sealed partial class RebalanceStore(NpgsqlDataSource database)
{
    private const string Columns = """
        rebalance_id, reason, server_id, state, created_at, started_at, ended_at,
        moves, bytes, moves_done, bytes_done, moves_skipped, moves_failed, rate
        """;

    /// <summary>Creates an empty plan.</summary>
    public async Task<Guid> CreateAsync(string reason, ServerId? server, long? rate, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync(
            "INSERT INTO rebalances (rebalance_id, reason, server_id, state, rate) VALUES ($1, $2, $3, 'planning', $4)",
            cancellationToken,
            id, reason, (object?)server?.Value ?? DBNull.Value, rate is { } limit ? limit : DBNull.Value);
        return id;
    }

    /// <summary>Adds moves to a plan; a chunk that it has already stays as it is.</summary>
    public async Task AddMovesAsync(Guid id, IReadOnlyList<RebalanceMove> moves, CancellationToken cancellationToken)
    {
        if (moves.Count == 0)
        {
            return;
        }

        await ExecuteAsync(
            """
            INSERT INTO rebalance_moves (rebalance_id, chunk_id, from_server, to_server, bytes)
            SELECT $1, * FROM unnest($2, $3, $4, $5) ON CONFLICT DO NOTHING
            """,
            cancellationToken,
            id,
            moves.Select(move => move.Chunk.Value).ToArray(),
            moves.Select(move => move.From.Value).ToArray(),
            moves.Select(move => move.To.Value).ToArray(),
            moves.Select(move => move.Bytes).ToArray());
    }

    /// <summary>Ends the planning: the plan can be started from now on.</summary>
    /// <exception cref="InvalidOperationException">The plan no longer exists.</exception>
    public async Task<Rebalance> FinishPlanAsync(Guid id, IReadOnlyList<RebalanceShare> shares, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            "INSERT INTO rebalance_servers SELECT $1, * FROM unnest($2, $3, $4, $5, $6)",
            id,
            shares.Select(share => share.Server.Value).ToArray(),
            shares.Select(share => share.CopiesBefore).ToArray(),
            shares.Select(share => share.BytesBefore).ToArray(),
            shares.Select(share => share.CopiesAfter).ToArray(),
            shares.Select(share => share.BytesAfter).ToArray()));
        batch.BatchCommands.Add(Command(
            """
            UPDATE rebalances SET state = 'planned', moves = m.moves, bytes = m.bytes
            FROM (SELECT count(*) AS moves, coalesce(sum(bytes), 0) AS bytes FROM rebalance_moves WHERE rebalance_id = $1) m
            WHERE rebalance_id = $1 AND state = 'planning'
            """,
            id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return await FindAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Rebalance {id} no longer exists.");
    }

    /// <summary>Starts a plan.</summary>
    public Task<RebalanceChange> StartAsync(Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(id, RebalanceState.Running, "started_at = now()", [RebalanceState.Planned], cancellationToken);

    /// <summary>Pauses a rebalance; <see cref="ResumeAsync"/> finishes copies that are on their way.</summary>
    public Task<RebalanceChange> PauseAsync(Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(id, RebalanceState.Paused, "ended_at = NULL", [RebalanceState.Running], cancellationToken);

    /// <summary>Resumes a paused rebalance.</summary>
    public Task<RebalanceChange> ResumeAsync(Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(id, RebalanceState.Running, "ended_at = NULL", [RebalanceState.Paused], cancellationToken);

    /// <summary>Cancels a rebalance: moved copies stay, and copies on their way are removed.</summary>
    public async Task<RebalanceChange> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command(
            """
            UPDATE rebalances SET state = 'cancelled', ended_at = now()
            WHERE rebalance_id = $1 AND state IN ('planning', 'planned', 'running', 'paused')
            """,
            id));
        batch.BatchCommands.Add(CopyRemovals.RequestMoves(id));
        batch.BatchCommands.Add(Command(
            """
            WITH dropped AS (
                UPDATE rebalance_moves SET state = 'skipped', reason = 'cancelled'
                WHERE rebalance_id = $1 AND state IN ('pending', 'copying') RETURNING 1
            )
            UPDATE rebalances SET moves_skipped = moves_skipped + (SELECT count(*) FROM dropped) WHERE rebalance_id = $1
            """,
            id));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Rebalance));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (batch.BatchCommands[0].RecordsAffected == 0)
        {
            await transaction.RollbackAsync(cancellationToken);
            return await RefusedAsync(id, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return RebalanceChange.Done;
    }

    /// <summary>Reads a rebalance; null when it does not exist.</summary>
    public async Task<Rebalance?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await QueryAsync($"SELECT {Columns} FROM rebalances WHERE rebalance_id = $1", cancellationToken, id)).FirstOrDefault();

    /// <summary>Reads the rebalance that runs or is paused; null without such a rebalance.</summary>
    public async Task<Rebalance?> FindActiveAsync(CancellationToken cancellationToken) =>
        (await QueryAsync($"SELECT {Columns} FROM rebalances WHERE state IN ('running', 'paused')", cancellationToken)).FirstOrDefault();

    /// <summary>Reads the latest ones, newest first.</summary>
    public Task<List<Rebalance>> ListAsync(int limit, CancellationToken cancellationToken) =>
        QueryAsync($"SELECT {Columns} FROM rebalances ORDER BY created_at DESC, rebalance_id DESC LIMIT $1", cancellationToken, limit);

    /// <summary>Reads the copies of each server before a rebalance and after it.</summary>
    public async Task<IReadOnlyList<RebalanceShare>> ReadSharesAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT server_id, copies_before, bytes_before, copies_after, bytes_after FROM rebalance_servers
            WHERE rebalance_id = $1 ORDER BY server_id
            """);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var shares = new List<RebalanceShare>();
        while (await reader.ReadAsync(cancellationToken))
        {
            shares.Add(
                new(new ServerId(reader.GetGuid(0)), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return shares;
    }

    private async Task<RebalanceChange> ChangeAsync(
        Guid id, string state, string also, string[] from, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            $"UPDATE rebalances SET state = $2, {also} WHERE rebalance_id = $1 AND state = ANY($3)", id, state, from));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Rebalance));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (
            exception is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "rebalances_active" })
        {
            return RebalanceChange.OtherActive;
        }

        return batch.BatchCommands[0].RecordsAffected == 1 ? RebalanceChange.Done : await RefusedAsync(id, cancellationToken);
    }

    private async Task<RebalanceChange> RefusedAsync(Guid id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is null ? RebalanceChange.NotFound : RebalanceChange.WrongState;

    private async Task<List<Rebalance>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(sql, values));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var found = new List<Rebalance>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : new ServerId(reader.GetGuid(2)),
                reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                reader.GetInt64(7),
                reader.GetInt64(8),
                reader.GetInt64(9),
                reader.GetInt64(10),
                reader.GetInt64(11),
                reader.GetInt64(12),
                reader.IsDBNull(13) ? null : reader.GetInt64(13)));
        }

        return found;
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(sql, values));
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                Guid[] => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                long[] => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                _ => new() { Value = value },
            });
        }

        return command;
    }
}
