using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Cluster;

/// <summary>The restores of the database from a backup: their detection by the nodes, and their acceptance by an operator.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed partial class DatabaseRestores(NpgsqlDataSource database, ILogger<DatabaseRestores> logger)
{
    /// <summary>
    /// An SQL condition for every statement that decides what is deleted: no restore is open. Evaluated once for a statement.
    /// </summary>
    public const string NoneOpen = "NOT (SELECT restore_is_open())";

    /// <summary>Finds out whether a restore is open.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT restore_is_open()");
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Reads the cluster's history.</summary>
    /// <exception cref="NpgsqlException">The database did not answer, or has lost its identity.</exception>
    public async Task<ClusterHistory> ReadAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Select());
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>
    /// Accepts the open restores: the epoch rises above every one that a node has seen, the nodes adopt it with their next report, and the
    /// sweeps continue.
    /// </summary>
    /// <param name="epoch">The epoch that the operator has seen; null for any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The new epoch; null when no restore is open, or the epoch is another one by now.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<long?> AcceptAsync(long? epoch, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            WITH accepted AS (
                UPDATE cluster c SET epoch = opened.epoch + 1
                FROM (SELECT max(d.seen_epoch) AS epoch FROM detected_restores d JOIN cluster o ON d.seen_epoch >= o.epoch) opened
                WHERE opened.epoch IS NOT NULL AND c.epoch = coalesce($1, c.epoch) AND c.epoch <= opened.epoch
                RETURNING c.epoch
            )
            SELECT epoch, pg_notify($2, epoch::text)::text FROM accepted
            """);
        command.Parameters.Add(new() { Value = (object?)epoch ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = NodeRegistry.Channel });
        if (await command.ExecuteScalarAsync(cancellationToken) is not long accepted)
        {
            return null;
        }

        LogAccepted(accepted);
        return accepted;
    }

    /// <summary>Gets the query of <see cref="ReadAsync(NpgsqlDataReader, CancellationToken)"/>.</summary>
    internal static NpgsqlBatchCommand Select() =>
        new("""
            SELECT c.cluster_id, c.epoch, d.server_id, d.server_name, d.seen_epoch, d.seen_count, d.seen_at, d.own_epoch, d.own_count,
                d.own_at, d.found_at
            FROM cluster c LEFT JOIN detected_restores d ON d.seen_epoch >= c.epoch
            ORDER BY d.found_at, d.server_id
            """);

    internal static async Task<ClusterHistory> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        (ClusterId Id, long Epoch)? cluster = null;
        var open = new List<DetectedRestore>();
        while (await reader.ReadAsync(cancellationToken))
        {
            cluster = (new ClusterId(reader.GetGuid(0)), reader.GetInt64(1));
            if (!reader.IsDBNull(2))
            {
                open.Add(new(
                    new ServerId(reader.GetGuid(2)),
                    reader.GetString(3),
                    new(reader.GetInt64(4), reader.GetInt64(5)),
                    TimeAt(6),
                    new(reader.GetInt64(7), reader.GetInt64(8)),
                    TimeAt(9),
                    reader.GetFieldValue<DateTimeOffset>(10)));
            }
        }

        return cluster is { } found
            ? new ClusterHistory(found.Id, found.Epoch, open)
            : throw new NpgsqlException(
                "The database has no cluster id: its table 'cluster' is empty. Insert the id that the nodes' disks carry.");

        DateTimeOffset? TimeAt(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    [LoggerMessage(LogLevel.Warning, "An operator accepted the database's restore; the cluster's epoch is {Epoch} now")]
    private partial void LogAccepted(long epoch);
}
