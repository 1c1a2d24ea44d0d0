using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Cluster;

/// <summary>The cluster's tables. All times are the database's.</summary>
/// <remarks>Thread-safe. Every change that others must follow is announced on <see cref="Channel"/> when it commits.</remarks>
public sealed class NodeRegistry(NpgsqlDataSource database, IOptions<ClusterOptions> options)
{
    /// <summary>The PostgreSQL channel; the payload is the server's id.</summary>
    public const string Channel = "cluster_changed";

    /// <summary>
    /// The last time of a heartbeat of a server of <c>storage_servers</c>, for judging its silence. No heartbeat arrives while PostgreSQL
    /// is down, so silence counts from its start at the earliest.
    /// </summary>
    public const string LastContact = "greatest(last_heartbeat, serving_since())";

    /// <summary>Reads the identity of the cluster whose database this is, and whether it knows any of some chunks.</summary>
    /// <inheritdoc cref="DatabaseIdentity.IdentifyAsync"/>
    public Task<(ClusterId Cluster, bool KnowsAny)> IdentifyAsync(IEnumerable<ChunkId> chunks, CancellationToken cancellationToken) =>
        database.IdentifyAsync("SELECT WHERE knows_any_chunk($1)", chunks.Select(chunk => chunk.Value), cancellationToken);

    /// <summary>Reads the identity and the epoch of the database.</summary>
    /// <exception cref="NpgsqlException">The database did not answer, refused, or has lost its identity.</exception>
    public async Task<(ClusterId Cluster, long Epoch)> IdentifyAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(DatabaseRestores.Select());
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var history = await DatabaseRestores.ReadAsync(reader, cancellationToken);
        return (history.Cluster, history.Epoch);
    }

    /// <summary>Records, for a server that must not register, that it has seen a later state of the database.</summary>
    /// <returns>
    /// <see langword="true"/> when a restore is open; false also when this is the database of another cluster than the report's.
    /// </returns>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<bool> ReportRestoreAsync(NodeReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(DetectRestore(report));
        return await batch.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Puts a server and its ring points on record, online unless an operator has drained or removed it. Idempotent.</summary>
    /// <returns>
    /// The standing that it has now; null when this is the database of another cluster than the report's, or of a lower epoch, and nothing
    /// was changed. A removed server stays removed, and gets no ring points.
    /// </returns>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<NodeStanding?> RegisterAsync(NodeReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                DetectRestore(report),
                UpsertServer(report),
                DropPoints(report.Id),
                UpsertPoints(report.Id),
                Notify(report.Id),
            },
        };
        NodeStanding standing;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            var isRestoreOpen = await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0);
            await reader.NextResultAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            standing = ReadStanding(reader, isRestoreOpen);
        }

        await transaction.CommitAsync(cancellationToken);
        return standing;
    }

    /// <summary>Records that a server lives. One that counted as offline is announced as back.</summary>
    /// <returns>
    /// Null when the server must register: it is not on record, has no ring points though it should, or this is the database of another
    /// cluster or of a lower epoch.
    /// </returns>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<NodeStanding?> HeartbeatAsync(NodeReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);

        // CASE keeps pg_notify from running for every heartbeat.
        await using var command = database.CreateCommand("""
            WITH old AS (
                SELECT s.status, s.last_heartbeat, s.heartbeat_count, c.epoch FROM storage_servers s CROSS JOIN cluster c
                WHERE s.server_id = $1 AND c.cluster_id = $7 AND c.epoch >= $9 FOR UPDATE OF s
            ), new AS (
                UPDATE storage_servers s
                SET status = CASE WHEN s.status = 'offline' THEN 'online' ELSE s.status END,
                    available_space = $2, used_space = $3, chunk_count = $4, trash_space = $8, last_heartbeat = now(),
                    heartbeat_count = old.heartbeat_count + 1
                FROM old
                WHERE s.server_id = $1
                  AND (s.status = 'removed' OR EXISTS (SELECT FROM hash_ring_nodes p WHERE p.server_id = $1))
                RETURNING s.status, s.heartbeat_count, old.epoch, old.heartbeat_count AS before, old.last_heartbeat AS before_at, s.name,
                    old.status = 'offline' OR old.last_heartbeat < now() - $5 AS is_back
            )
            SELECT status, epoch, heartbeat_count, now(), detect_restore($1, name, $9, $10, $11, before, before_at),
                CASE WHEN is_back THEN pg_notify($6, $1::text)::text END
            FROM new
            """);
        command.Parameters.Add(new() { Value = report.Id.Value });
        command.Parameters.Add(new() { Value = report.AvailableBytes });
        command.Parameters.Add(new() { Value = report.UsedBytes });
        command.Parameters.Add(new() { Value = report.ChunkCount });
        command.Parameters.Add(new() { Value = options.Value.OfflineAfter });
        command.Parameters.Add(new() { Value = Channel });
        command.Parameters.Add(new() { Value = report.Cluster.Value });
        command.Parameters.Add(new() { Value = report.TrashBytes });
        command.Parameters.Add(new() { Value = report.Seen.Epoch });
        command.Parameters.Add(new() { Value = report.Seen.Count });
        command.Parameters.Add(TimeOf(report));

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ReadStanding(reader, isRestoreOpen: reader.GetBoolean(4)) : null;
    }

    /// <summary>
    /// Marks an online server offline at once, because it stops in good order. Does nothing in another cluster's database.
    /// </summary>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task SignOffAsync(ServerId server, ClusterId cluster, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            WITH gone AS (
                UPDATE storage_servers SET status = 'offline'
                WHERE server_id = $1 AND status = 'online' AND EXISTS (SELECT FROM cluster WHERE cluster_id = $3)
                RETURNING server_id
            )
            SELECT pg_notify($2, server_id::text) FROM gone
            """);
        command.Parameters.Add(new() { Value = server.Value });
        command.Parameters.Add(new() { Value = Channel });
        command.Parameters.Add(new() { Value = cluster.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads every server and ring point in one consistent state.</summary>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<ClusterSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { SelectServers(), SelectPoints(), DatabaseRestores.Select() },
        };

        var servers = new List<ClusterServer>();
        var nodes = new List<RingNode>();
        ClusterHistory history;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                servers.Add(ReadServer(reader));
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                nodes.Add(new RingNode(new ServerId(reader.GetGuid(0)), unchecked((ulong)reader.GetInt64(1))));
            }

            await reader.NextResultAsync(cancellationToken);
            history = await DatabaseRestores.ReadAsync(reader, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new ClusterSnapshot(servers, nodes, history);
    }

    /// <summary>Reads every server without the ring.</summary>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<IReadOnlyList<ClusterServer>> ReadServersAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(SelectServers());
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var servers = new List<ClusterServer>();
        while (await reader.ReadAsync(cancellationToken))
        {
            servers.Add(ReadServer(reader));
        }

        return servers;
    }

    private static NpgsqlBatchCommand UpsertServer(NodeReport report) =>
        new("""
            INSERT INTO storage_servers (
                server_id, name, grpc_address, status, available_space, used_space, chunk_count, trash_space, heartbeat_count)
            SELECT $1, $2, $3, 'online', $4, $5, $6, $8, 1 FROM cluster WHERE cluster_id = $7 AND epoch >= $9
            ON CONFLICT (server_id) DO UPDATE
            SET name = excluded.name, grpc_address = excluded.grpc_address,
                status = CASE WHEN storage_servers.status = 'offline' THEN 'online' ELSE storage_servers.status END,
                available_space = excluded.available_space, used_space = excluded.used_space,
                chunk_count = excluded.chunk_count, trash_space = excluded.trash_space, last_heartbeat = now(),
                heartbeat_count = storage_servers.heartbeat_count + 1
            RETURNING status, (SELECT epoch FROM cluster), heartbeat_count, now()
            """)
        {
            Parameters =
            {
                new() { Value = report.Id.Value },
                new() { Value = report.Name },
                new() { Value = report.Address.OriginalString },
                new() { Value = report.AvailableBytes },
                new() { Value = report.UsedBytes },
                new() { Value = report.ChunkCount },
                new() { Value = report.Cluster.Value },
                new() { Value = report.TrashBytes },
                new() { Value = report.Seen.Epoch },
            },
        };

    /// <summary>Compares the mark that a server has seen with the one that the database has, before a report raises it.</summary>
    private static NpgsqlBatchCommand DetectRestore(NodeReport report) =>
        new("""
            SELECT detect_restore($1, $2, $3, $4, $5, coalesce(s.heartbeat_count, 0), s.last_heartbeat)
            FROM cluster c LEFT JOIN storage_servers s ON s.server_id = $1 WHERE c.cluster_id = $6
            """)
        {
            Parameters =
            {
                new() { Value = report.Id.Value },
                new() { Value = report.Name },
                new() { Value = report.Seen.Epoch },
                new() { Value = report.Seen.Count },
                TimeOf(report),
                new() { Value = report.Cluster.Value },
            },
        };

    private static NpgsqlParameter TimeOf(NodeReport report) =>
        new() { Value = (object?)report.SeenAt?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NodeStanding ReadStanding(NpgsqlDataReader reader, bool isRestoreOpen) => new(
        Enum.Parse<ServerStatus>(reader.GetString(0), ignoreCase: true),
        new HeartbeatMark(reader.GetInt64(1), reader.GetInt64(2)),
        reader.GetFieldValue<DateTimeOffset>(3),
        isRestoreOpen);

    // A server that comes back with fewer virtual nodes leaves no point behind.
    private NpgsqlBatchCommand DropPoints(ServerId server) =>
        new("DELETE FROM hash_ring_nodes WHERE server_id = $1 AND virtual_node_index >= $2")
        {
            Parameters = { new() { Value = server.Value }, new() { Value = options.Value.VirtualNodes } },
        };

    private NpgsqlBatchCommand UpsertPoints(ServerId server)
    {
        var count = options.Value.VirtualNodes;
        var points = new long[count];
        var ids = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            points[i] = unchecked((long)HashRing.PointOf(server, i));
            ids[i] = Guid.CreateVersion7();
        }

        return new("""
            INSERT INTO hash_ring_nodes (node_id, server_id, virtual_node_index, hash_value)
            SELECT node.id, $1, node.number - 1, node.point
            FROM unnest($2, $3) WITH ORDINALITY AS node (id, point, number)
            WHERE EXISTS (SELECT FROM storage_servers WHERE server_id = $1 AND status <> 'removed')
            ON CONFLICT (server_id, virtual_node_index) DO UPDATE
            SET hash_value = excluded.hash_value WHERE hash_ring_nodes.hash_value <> excluded.hash_value
            """)
        {
            Parameters =
            {
                new() { Value = server.Value },
                new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = points, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            },
        };
    }

    private static NpgsqlBatchCommand Notify(ServerId server) =>
        new("SELECT pg_notify($1, $2)") { Parameters = { new() { Value = Channel }, new() { Value = server.ToString() } } };

    private NpgsqlBatchCommand SelectServers() =>
        new($"""
            SELECT server_id, name, grpc_address,
                   CASE WHEN status = 'online' AND {LastContact} < now() - $1 THEN 'offline' ELSE status END,
                   available_space, used_space, chunk_count, now() - last_heartbeat, cluster_id, trash_space
            FROM storage_servers CROSS JOIN cluster
            """)
        {
            Parameters = { new() { Value = options.Value.OfflineAfter } },
        };

    private static NpgsqlBatchCommand SelectPoints() => new("SELECT server_id, hash_value FROM hash_ring_nodes");

    private static ClusterServer ReadServer(NpgsqlDataReader reader) => new(
        new ServerId(reader.GetGuid(0)),
        reader.GetString(1),
        new Uri(reader.GetString(2)),
        Enum.Parse<ServerStatus>(reader.GetString(3), ignoreCase: true),
        reader.GetInt64(4),
        reader.GetInt64(5),
        reader.GetInt64(6),
        reader.GetTimeSpan(7),
        new ClusterId(reader.GetGuid(8)),
        reader.GetInt64(9));
}
