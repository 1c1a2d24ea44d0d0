using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>The copies to remove: rows of <c>chunk_replicas</c> in <c>deleting</c>.</summary>
internal sealed class RemovalQueue(NpgsqlDataSource database, IOptions<SweepingOptions> options)
{
    // A page's rows are locked while its server unlinks, so it must not be long.
    private const int MaxPageSize = 128;

    /// <summary>Finds the servers that hold copies whose grace is over.</summary>
    public async Task<HashSet<ServerId>> FindServersAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT s.server_id FROM storage_servers s WHERE EXISTS (
                SELECT FROM chunk_replicas r WHERE r.server_id = s.server_id AND r.status = 'deleting' AND r.status_since <= now() - $1)
            """);
        command.Parameters.Add(new() { Value = options.Value.RemovalGrace });
        return [.. (await command.ReadIdsAsync(cancellationToken)).Select(id => new ServerId(id))];
    }

    /// <summary>Locks some of a server's copies whose grace is over.</summary>
    /// <remarks>
    /// Their rows stay locked and in place until the page is committed. So two workers never unlink the same copy, and no new copy of
    /// the chunk can be on record for this server, and be unlinked by a worker that was paused before it asked the server. The page is
    /// empty when the database is another cluster's by now than the one that the server was read from, and while a restore is open. The
    /// mark of the same statement lets the server refuse a database that is older than it knows.
    /// </remarks>
    public async Task<RemovalPage> TakeAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                $"""
                SELECT r.chunk_id, c.epoch, s.heartbeat_count
                FROM chunk_replicas r JOIN storage_servers s USING (server_id) CROSS JOIN cluster c
                WHERE r.server_id = $1 AND r.status = 'deleting' AND r.status_since <= now() - $2
                AND c.cluster_id = $4 AND {DatabaseRestores.NoneOpen}
                ORDER BY r.status_since LIMIT $3
                FOR UPDATE OF r SKIP LOCKED
                """,
                connection,
                transaction);
            command.Parameters.Add(new() { Value = server.Id.Value });
            command.Parameters.Add(new() { Value = options.Value.RemovalGrace });
            command.Parameters.Add(new() { Value = Math.Min(options.Value.PageSize, MaxPageSize) });
            command.Parameters.Add(ClusterParameter.Of(server));
            var (chunks, decidedAt) = await command.ReadDecisionAsync(cancellationToken);
            return new RemovalPage(server.Id, chunks, decidedAt, connection, transaction);
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Deletes the rows of copies to remove whose servers an operator has removed: those servers are never asked again.</summary>
    public async Task<long> DropRowsOfRemovedServersAsync(CancellationToken cancellationToken)
    {
        var dropped = 0L;
        int rows;
        do
        {
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(CopyRemovals.ForgetOnRemovedServers(options.Value.PageSize));
            rows = await batch.ExecuteNonQueryAsync(cancellationToken);
            dropped += rows;
        }
        while (rows == options.Value.PageSize);

        return dropped;
    }

    /// <summary>Counts the copies to remove.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM chunk_replicas WHERE status = 'deleting'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
