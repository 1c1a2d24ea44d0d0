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

    /// <summary>Puts a server and its ring points on record, online unless an operator has drained or removed it. Idempotent.</summary>
    /// <returns>
    /// The status that it has now; null when this is the database of another cluster than the report's, and nothing was changed. A removed
    /// server stays removed, and gets no ring points.
    /// </returns>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<ServerStatus?> RegisterAsync(NodeReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                UpsertServer(report),
                DropPoints(report.Id),
                UpsertPoints(report.Id),
                Notify(report.Id),
            },
        };
        if (await batch.ExecuteScalarAsync(cancellationToken) is not string status)
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        return Enum.Parse<ServerStatus>(status, ignoreCase: true);
    }

    /// <summary>Records that a server lives. One that counted as offline is announced as back.</summary>
    /// <returns>
    /// False when the server must register: it is not on record, has no ring points though it should, or this is the database of another
    /// cluster.
    /// </returns>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<bool> HeartbeatAsync(NodeReport report, CancellationToken cancellationToken)
    {
        // CASE keeps pg_notify from running for every heartbeat.
        await using var command = database.CreateCommand("""
            WITH old AS (
                SELECT status, last_heartbeat FROM storage_servers
                WHERE server_id = $1 AND EXISTS (SELECT FROM cluster WHERE cluster_id = $7) FOR UPDATE
            ), new AS (
                UPDATE storage_servers s
                SET status = CASE WHEN s.status = 'offline' THEN 'online' ELSE s.status END,
                    available_space = $2, used_space = $3, chunk_count = $4, last_heartbeat = now()
                FROM old
                WHERE s.server_id = $1
                  AND (s.status = 'removed' OR EXISTS (SELECT FROM hash_ring_nodes p WHERE p.server_id = $1))
                RETURNING old.status = 'offline' OR old.last_heartbeat < now() - $5 AS is_back
            )
            SELECT CASE WHEN is_back THEN pg_notify($6, $1::text)::text END FROM new
            """);
        command.Parameters.Add(new() { Value = report.Id.Value });
        command.Parameters.Add(new() { Value = report.AvailableBytes });
        command.Parameters.Add(new() { Value = report.UsedBytes });
        command.Parameters.Add(new() { Value = report.ChunkCount });
        command.Parameters.Add(new() { Value = options.Value.OfflineAfter });
        command.Parameters.Add(new() { Value = Channel });
        command.Parameters.Add(new() { Value = report.Cluster.Value });

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
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
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { SelectServers(), SelectPoints() } };

        var servers = new List<ClusterServer>();
        var nodes = new List<RingNode>();
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
        }

        await transaction.CommitAsync(cancellationToken);
        return new ClusterSnapshot(servers, nodes);
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
            INSERT INTO storage_servers (server_id, name, grpc_address, status, available_space, used_space, chunk_count)
            SELECT $1, $2, $3, 'online', $4, $5, $6 FROM cluster WHERE cluster_id = $7
            ON CONFLICT (server_id) DO UPDATE
            SET name = excluded.name, grpc_address = excluded.grpc_address,
                status = CASE WHEN storage_servers.status = 'offline' THEN 'online' ELSE storage_servers.status END,
                available_space = excluded.available_space, used_space = excluded.used_space,
                chunk_count = excluded.chunk_count, last_heartbeat = now()
            RETURNING status
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
            },
        };

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
                   available_space, used_space, chunk_count, now() - last_heartbeat, cluster_id
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
        new ClusterId(reader.GetGuid(8)));
}
