using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>The records of copies that are being made.</summary>
/// <remarks>
/// Every method is one transaction. Each copy is begun under the lock of its chunk's row, and at most one of a chunk is being made at a
/// time. Every later step checks that the row is still the one that was begun, so a worker that was paused or doubled does no harm.
/// </remarks>
public sealed class CopyLedger(NpgsqlDataSource database, IOptions<LivenessOptions> liveness)
{
    /// <summary>Gets the time without a renewal for which a worker is trusted to be making its copy.</summary>
    public TimeSpan Trust => liveness.Value.WorkerTrust;

    /// <summary>Begins a copy: a new one, one in the place of a damaged one, or one that another worker left.</summary>
    /// <returns>The ticket; or null and the reason.</returns>
    public async Task<(CopyTicket? Ticket, CopyOutcome Outcome)> BeginAsync(
        ChunkId chunk, ServerId target, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await LockAsync(connection, transaction, chunk, target, cancellationToken);
        if (found.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        await using var begin = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { CopyTransitions.BeginCopying(chunk, target, Trust) },
        };
        DateTimeOffset since;
        await using (var reader = await begin.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            since = reader.GetFieldValue<DateTimeOffset>(0);
        }

        await transaction.CommitAsync(cancellationToken);
        return (new CopyTicket(chunk, target, since, found.Size, found.Sha256!, found.Sources), CopyOutcome.Stored);
    }

    /// <summary>Renews the copy, which is still being made.</summary>
    /// <returns>False when it is no longer this worker's to make.</returns>
    public Task<bool> RenewAsync(CopyTicket ticket, CancellationToken cancellationToken) =>
        ExecuteAsync(CopyTransitions.RenewCopying(ticket, Trust), cancellationToken);

    /// <summary>Releases a copy, so that any worker may finish it at once.</summary>
    public Task<bool> ReleaseAsync(CopyTicket ticket, CancellationToken cancellationToken) =>
        ExecuteAsync(CopyTransitions.ReleaseCopying(ticket), cancellationToken);

    /// <summary>Records a copy as readable, and requests the removal of the one that it replaces, in one transaction.</summary>
    /// <param name="ticket">The copy, which is on its server's stable storage.</param>
    /// <param name="replaced">The server whose copy is to be removed; null for none.</param>
    /// <param name="alongside">Commands of the same transaction.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see cref="CopyOutcome.Stored"/>, <see cref="CopyOutcome.Gone"/> or <see cref="CopyOutcome.Lost"/>.</returns>
    public async Task<CopyOutcome> FinishAsync(
        CopyTicket ticket, ServerId? replaced, IEnumerable<NpgsqlBatchCommand> alongside, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsCompletedAsync(connection, transaction, ticket.Chunk, cancellationToken))
        {
            await transaction.RollbackAsync(cancellationToken);
            await ExecuteAsync(CopyRemovals.RequestAttempt(ticket), cancellationToken);
            return CopyOutcome.Gone;
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(CopyTransitions.MarkCopied(ticket));
        if (replaced is { } server)
        {
            batch.BatchCommands.Add(CopyRemovals.RequestReplaced(ticket.Chunk, server));
        }

        foreach (var command in alongside)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (batch.BatchCommands[0].RecordsAffected == 0)
        {
            return CopyOutcome.Lost;
        }

        await transaction.CommitAsync(cancellationToken);
        return CopyOutcome.Stored;
    }

    /// <summary>Abandons an attempt: its remainder is to be removed, or is the damaged copy again that it was before.</summary>
    public Task AbandonAsync(CopyTicket ticket, CancellationToken cancellationToken) =>
        ExecuteAsync(CopyRemovals.AbandonCopying(ticket), cancellationToken);

    /// <summary>
    /// An SQL condition on a row <c>r</c> of <c>chunk_replicas</c>: a copy whose worker no longer renews it, except one of a rebalance that
    /// runs.
    /// </summary>
    public const string IsLeft = """
        r.status = 'copying' AND coalesce(r.copying_until, '-infinity') <= now()
        AND NOT EXISTS (
            SELECT FROM rebalances b JOIN rebalance_moves m USING (rebalance_id)
            WHERE b.state = 'running' AND m.chunk_id = r.chunk_id AND m.to_server = r.server_id AND m.state = 'copying')
        """;

    /// <summary>Finds the servers on which a worker began a copy of a chunk and no longer renews it.</summary>
    public async Task<IReadOnlyList<ServerId>> FindLeftAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT r.server_id FROM chunk_replicas r WHERE r.chunk_id = $1 AND {IsLeft}");
        command.Parameters.Add(new() { Value = chunk.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var left = new List<ServerId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            left.Add(new ServerId(reader.GetGuid(0)));
        }

        return left;
    }

    private async Task<bool> ExecuteAsync(NpgsqlBatchCommand transition, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(transition);
        return await batch.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task<bool> IsCompletedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ChunkId chunk, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT f.upload_status = 'completed' FROM chunks c JOIN files f USING (file_id) WHERE c.chunk_id = $1 FOR UPDATE OF c",
            connection, transaction);
        command.Parameters.Add(new() { Value = chunk.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<Found> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ChunkId chunk, ServerId target, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("""
                    SELECT c.chunk_size, c.chunk_hash FROM chunks c JOIN files f USING (file_id)
                    WHERE c.chunk_id = $1 AND f.upload_status = 'completed' FOR UPDATE OF c
                    """)
                {
                    Parameters = { new() { Value = chunk.Value } },
                },
                new("SELECT server_id, status, coalesce(copying_until, '-infinity') <= now() FROM chunk_replicas WHERE chunk_id = $1")
                {
                    Parameters = { new() { Value = chunk.Value } },
                },
                new("SELECT status FROM storage_servers WHERE server_id = $1") { Parameters = { new() { Value = target.Value } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return new(CopyOutcome.Gone);
        }

        var size = reader.GetInt64(0);
        var sha256 = new Sha256Digest(reader.GetFieldValue<byte[]>(1));
        await reader.NextResultAsync(cancellationToken);
        var copies = new List<(ServerId Server, string Status, bool IsLeft)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            copies.Add((new ServerId(reader.GetGuid(0)), reader.GetString(1), reader.GetBoolean(2)));
        }

        await reader.NextResultAsync(cancellationToken);
        var server = await reader.ReadAsync(cancellationToken) ? reader.GetString(0) : null;
        return new(
            Refuse(copies, target, server),
            size,
            sha256,
            [.. copies.Where(copy => copy.Status == CopyStatus.Stored).Select(copy => copy.Server)]);
    }

    /// <summary>Decides whether a copy may be made on a server now.</summary>
    private static CopyOutcome? Refuse(List<(ServerId Server, string Status, bool IsLeft)> copies, ServerId target, string? server)
    {
        var there = copies.Find(copy => copy.Server == target);
        return there.Status is CopyStatus.Stored ? CopyOutcome.AlreadyStored
            : there.Status is CopyStatus.Writing or CopyStatus.Failed or CopyStatus.Deleting ? CopyOutcome.Busy
            : copies.Exists(copy => copy.Status == CopyStatus.Copying && (copy.Server != target || !copy.IsLeft)) ? CopyOutcome.Busy
            // A copy that another worker began is finished, even if the server is no longer online.
            : there.Status is not CopyStatus.Copying && server is not "online" ? CopyOutcome.Unfit
            : !copies.Exists(copy => copy.Status == CopyStatus.Stored) ? CopyOutcome.NoSource
            : null;
    }

    private sealed record Found(CopyOutcome? Refusal, long Size = 0, Sha256Digest? Sha256 = null, params IReadOnlyList<ServerId> Sources);
}
