using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Rebalancing;

/// <summary>The moves of a rebalance that runs.</summary>
public sealed partial class RebalanceStore
{
    /// <summary>Reads moves that are not done and that no job is to carry out yet, those that were begun first.</summary>
    public Task<List<RebalanceMove>> NextMovesAsync(Guid id, int limit, CancellationToken cancellationToken) => ReadMovesAsync(
        """
        SELECT chunk_id, from_server, to_server, bytes FROM rebalance_moves m
        WHERE rebalance_id = $1 AND state IN ('pending', 'copying')
          AND NOT EXISTS (SELECT FROM duty_items i WHERE i.duty = $2 AND i.item = m.chunk_id AND i.due_at > now())
        ORDER BY rebalance_id, state, chunk_id LIMIT $3
        """,
        cancellationToken,
        id, DutyNames.Rebalance, limit);

    /// <summary>Reads a move.</summary>
    /// <returns>Null when it is over, or its rebalance does not run.</returns>
    public async Task<RebalanceMove?> FindMoveAsync(Guid id, ChunkId chunk, CancellationToken cancellationToken)
    {
        var found = await ReadMovesAsync(
            """
            SELECT m.chunk_id, m.from_server, m.to_server, m.bytes FROM rebalance_moves m JOIN rebalances b USING (rebalance_id)
            WHERE m.rebalance_id = $1 AND m.chunk_id = $2 AND m.state IN ('pending', 'copying') AND b.state = 'running'
            """,
            cancellationToken,
            id, chunk.Value);
        return found.SingleOrDefault();
    }

    private async Task<List<RebalanceMove>> ReadMovesAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(sql, values));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var moves = new List<RebalanceMove>();
        while (await reader.ReadAsync(cancellationToken))
        {
            moves.Add(new(
                new ChunkId(reader.GetGuid(0)), new ServerId(reader.GetGuid(1)), new ServerId(reader.GetGuid(2)), reader.GetInt64(3)));
        }

        return moves;
    }

    /// <summary>Records that a move begins.</summary>
    /// <returns>False when it is over, or its rebalance does not run.</returns>
    public async Task<bool> BeginMoveAsync(Guid id, ChunkId chunk, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            """
            UPDATE rebalance_moves m SET state = 'copying' FROM rebalances b
            WHERE b.rebalance_id = $1 AND b.state = 'running' AND m.rebalance_id = b.rebalance_id AND m.chunk_id = $2
              AND m.state IN ('pending', 'copying')
            """,
            cancellationToken,
            id, chunk.Value) == 1;

    /// <summary>Makes the command that counts a move as done, in the transaction in which the copy changes its server.</summary>
    public static NpgsqlBatchCommand MoveDone(Guid id, ChunkId chunk) => Command(
        """
        WITH done AS (
            UPDATE rebalance_moves SET state = 'done', reason = NULL
            WHERE rebalance_id = $1 AND chunk_id = $2 AND state IN ('pending', 'copying') RETURNING bytes
        )
        UPDATE rebalances SET moves_done = moves_done + 1, bytes_done = bytes_done + done.bytes FROM done WHERE rebalance_id = $1
        """,
        id, chunk.Value);

    /// <summary>Counts a move as done although another job or repair made the copy.</summary>
    public async Task EndMoveDoneAsync(Guid id, ChunkId chunk, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(MoveDone(id, chunk));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends a move that did not happen.</summary>
    /// <param name="id">The rebalance.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="isFailure">A value indicating whether the servers failed; otherwise the move was no longer needed.</param>
    /// <param name="reason">The reason, for people.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task EndMoveAsync(Guid id, ChunkId chunk, bool isFailure, string reason, CancellationToken cancellationToken) => ExecuteAsync(
        """
        WITH ended AS (
            UPDATE rebalance_moves SET state = CASE WHEN $3 THEN 'failed' ELSE 'skipped' END, reason = $4
            WHERE rebalance_id = $1 AND chunk_id = $2 AND state IN ('pending', 'copying') RETURNING 1
        )
        UPDATE rebalances SET moves_failed = moves_failed + CASE WHEN $3 THEN 1 ELSE 0 END,
                              moves_skipped = moves_skipped + CASE WHEN $3 THEN 0 ELSE 1 END
        FROM ended WHERE rebalance_id = $1
        """,
        cancellationToken,
        id, chunk.Value, isFailure, reason);

    /// <summary>Returns a move that could not begin to those that wait.</summary>
    public Task PutBackAsync(Guid id, ChunkId chunk, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE rebalance_moves SET state = 'pending' WHERE rebalance_id = $1 AND chunk_id = $2 AND state = 'copying'",
        cancellationToken,
        id, chunk.Value);

    /// <summary>Ends a running rebalance that has no move left.</summary>
    /// <returns>False when it has, or does not run.</returns>
    public async Task<bool> CompleteAsync(Guid id, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            """
            UPDATE rebalances b SET state = 'completed', ended_at = now()
            WHERE rebalance_id = $1 AND state = 'running'
              AND NOT EXISTS (SELECT FROM rebalance_moves m WHERE m.rebalance_id = b.rebalance_id AND m.state IN ('pending', 'copying'))
            """,
            cancellationToken,
            id) == 1;

    /// <summary>Reads the state of a rebalance, and whether it is pointless because its server is no longer draining.</summary>
    public async Task<(string State, bool IsPointless)> ReadControlAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            """
            SELECT b.state, b.reason = 'drain' AND coalesce(s.status IN ('online', 'offline'), true)
            FROM rebalances b LEFT JOIN storage_servers s USING (server_id) WHERE b.rebalance_id = $1
            """,
            id));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetBoolean(1)) : (RebalanceState.Cancelled, false);
    }

    /// <summary>Finds a draining server that has copies left, unless its last rebalance ended or was cancelled recently.</summary>
    public Task<ServerId?> FindDrainAsync(TimeSpan retryDelay, TimeSpan holdAfter, CancellationToken cancellationToken) => FindServerAsync(
        """
        SELECT s.server_id FROM storage_servers s
        WHERE s.status = 'draining'
          AND EXISTS (SELECT FROM chunk_replicas r WHERE r.server_id = s.server_id AND r.status = 'stored')
          AND NOT EXISTS (
              SELECT FROM rebalances b WHERE b.server_id = s.server_id AND b.reason = 'drain' AND b.started_at IS NOT NULL
                AND b.ended_at > now() - CASE WHEN b.state = 'cancelled' THEN $2 ELSE $1 END)
        ORDER BY s.server_id LIMIT 1
        """,
        cancellationToken,
        retryDelay, holdAfter);

    /// <summary>Picks one of some servers that was not filled, and whose rebalance was not cancelled, recently.</summary>
    public Task<ServerId?> FindJoinAsync(IEnumerable<ServerId> candidates, TimeSpan holdAfter, CancellationToken cancellationToken) =>
        FindServerAsync(
        """
        SELECT id FROM unnest($1) AS id
        WHERE NOT EXISTS (SELECT FROM rebalances b WHERE b.server_id = id AND b.reason = 'join' AND b.ended_at > now() - $2)
        ORDER BY id LIMIT 1
        """,
        cancellationToken,
        candidates.Select(server => server.Value).ToArray(), holdAfter);

    /// <summary>Deletes a plan that was not started.</summary>
    public Task DropPlanAsync(Guid id, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM rebalances WHERE rebalance_id = $1 AND state IN ('planning', 'planned')", cancellationToken, id);

    /// <summary>Deletes old rebalances, and ends plans that were never started or finished.</summary>
    public async Task TidyAsync(TimeSpan history, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            "UPDATE rebalances SET state = 'failed', ended_at = now() "
            + "WHERE state = 'planning' AND created_at < now() - interval '1 hour'"));
        batch.BatchCommands.Add(Command(
            "UPDATE rebalances SET state = 'cancelled', ended_at = now() "
            + "WHERE state = 'planned' AND created_at < now() - interval '1 day'"));
        batch.BatchCommands.Add(Command("DELETE FROM rebalances WHERE ended_at < now() - $1", history));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<ServerId?> FindServerAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(sql, values));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new ServerId(reader.GetGuid(0)) : null;
    }
}
