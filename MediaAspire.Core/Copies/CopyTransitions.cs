using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>The commands that change the state of a copy, but for its removal, which is in <see cref="CopyRemovals"/>.</summary>
/// <remarks>
/// Callers add them to transactions of their own. A command names the state that it leaves, so that one that runs too late changes nothing;
/// those that do not, run under a lock that their remarks name.
/// docs/adr/0006-states-of-a-copy.md lists the transitions and their callers.
/// </remarks>
public static class CopyTransitions
{
    // Of one attempt: a worker that was paused or doubled finds another time in the row.
    internal const string IsAttempt = "chunk_id = $1 AND server_id = $2 AND status = 'copying' AND status_since = $3";

    private const string Damage =
        "UPDATE chunk_replicas r SET status = $3, status_since = now() WHERE r.chunk_id = $1 AND r.server_id = $2 AND r.status = 'stored'";

    /// <summary>Begins the copies of a chunk that an upload is about to send: none → <c>writing</c>.</summary>
    public static NpgsqlBatchCommand BeginWriting(ChunkId chunk, IEnumerable<ServerId> servers) =>
        Command(
            "INSERT INTO chunk_replicas (chunk_id, server_id, status) SELECT $1, server, 'writing' FROM unnest($2) AS server",
            chunk.Value,
            servers.Select(server => server.Value).ToArray());

    /// <summary>Marks the copies that an upload has sent: <c>writing</c> → <c>stored</c>, or <c>failed</c> if not acknowledged.</summary>
    /// <remarks>
    /// A server that failed may still hold a sealed copy whose acknowledgement was lost, so its row stays for removal. The caller holds the
    /// lock of the upload's session.
    /// </remarks>
    /// <param name="chunks">The chunks.</param>
    /// <param name="acknowledged">Their copies that are on stable storage.</param>
    public static NpgsqlBatchCommand MarkWritten(
        IEnumerable<ChunkId> chunks, IReadOnlyCollection<(ChunkId Chunk, ServerId Server)> acknowledged) =>
        Command(
            """
            UPDATE chunk_replicas r SET status = CASE WHEN w.server IS NULL THEN 'failed' ELSE 'stored' END
            FROM unnest($1) AS c(id)
                 JOIN chunk_replicas p ON p.chunk_id = c.id
                 LEFT JOIN unnest($2, $3) AS w(chunk, server) ON w.chunk = p.chunk_id AND w.server = p.server_id
            WHERE r.chunk_id = p.chunk_id AND r.server_id = p.server_id
            """,
            chunks.Select(chunk => chunk.Value).ToArray(),
            acknowledged.Select(copy => copy.Chunk.Value).ToArray(),
            acknowledged.Select(copy => copy.Server.Value).ToArray());

    /// <summary>Begins an attempt to make a copy: none, <c>corrupt</c>, <c>missing</c> or an older attempt → <c>copying</c>.</summary>
    /// <remarks>
    /// Returns the time that tells the attempt from any other. The caller holds the lock of the chunk's row and has decided under it that
    /// the copy may be made.
    /// </remarks>
    internal static NpgsqlBatchCommand BeginCopying(ChunkId chunk, ServerId target, TimeSpan trust) =>
        // The clock, not the transaction's start: attempts that waited for each other must not share a time.
        Command(
            """
            INSERT INTO chunk_replicas AS r (chunk_id, server_id, status, status_since, copying_until)
            VALUES ($1, $2, 'copying', clock_timestamp(), now() + $3)
            ON CONFLICT (chunk_id, server_id) DO UPDATE
            SET status = 'copying', status_since = excluded.status_since, copying_until = excluded.copying_until,
                before_copying = CASE WHEN r.status IN ('corrupt', 'missing') THEN r.status ELSE r.before_copying END
            RETURNING status_since
            """,
            chunk.Value,
            target.Value,
            trust);

    /// <summary>Renews an attempt for some time from now; it stays <c>copying</c>.</summary>
    internal static NpgsqlBatchCommand RenewCopying(CopyTicket ticket, TimeSpan trust) =>
        OfAttempt($"UPDATE chunk_replicas SET copying_until = now() + $4 WHERE {IsAttempt}", ticket, trust);

    /// <summary>Releases an attempt, so that any worker may finish it at once; it stays <c>copying</c>.</summary>
    internal static NpgsqlBatchCommand ReleaseCopying(CopyTicket ticket) => RenewCopying(ticket, TimeSpan.Zero);

    /// <summary>Marks an attempt whose copy is on stable storage: <c>copying</c> → <c>stored</c>.</summary>
    internal static NpgsqlBatchCommand MarkCopied(CopyTicket ticket) =>
        OfAttempt(
            $"""
            UPDATE chunk_replicas SET status = 'stored', status_since = now(), copying_until = NULL, before_copying = NULL
            WHERE {IsAttempt}
            """,
            ticket);

    /// <summary>
    /// Admits a copy that is on its server's disk, intact, and that no row counts: none or <c>missing</c> → <c>stored</c>.
    /// </summary>
    /// <remarks>
    /// Under the lock of the chunk's row, as repair does. A copy without a row is admitted only as long as the chunk has too few copies;
    /// one that was missing always. The caller has read the copy back after it found that no row counts it.
    /// </remarks>
    /// <param name="chunk">The chunk.</param>
    /// <param name="server">The server that holds the copy.</param>
    /// <param name="size">The size in bytes that the server has read back.</param>
    /// <param name="sha256">The SHA-256 that it has read back.</param>
    /// <param name="liveAfter"><see cref="LivenessOptions.After"/>.</param>
    public static NpgsqlBatchCommand AdmitFound(ChunkId chunk, ServerId server, long size, Sha256Digest sha256, TimeSpan liveAfter) =>
        Command(
            $"""
            WITH wanted AS (
                SELECT c.chunk_id, {LiveCopies.OfChunk} AS live, f.copies FROM chunks c JOIN files f USING (file_id)
                WHERE c.chunk_id = $2 AND c.chunk_size = $4 AND c.chunk_hash = $5 AND f.upload_status = 'completed'
                FOR UPDATE OF c
            )
            INSERT INTO chunk_replicas AS r (chunk_id, server_id, status)
            SELECT w.chunk_id, $3, 'stored' FROM wanted w
            WHERE w.live < w.copies
               OR EXISTS (SELECT FROM chunk_replicas m WHERE m.chunk_id = w.chunk_id AND m.server_id = $3 AND m.status = 'missing')
            ON CONFLICT (chunk_id, server_id) DO UPDATE SET status = 'stored', status_since = now() WHERE r.status = 'missing'
            """,
            liveAfter,
            chunk.Value,
            server.Value,
            size,
            sha256.Bytes.ToArray());

    /// <summary>Marks a copy as damaged: <c>stored</c> → <c>corrupt</c> or <c>missing</c>.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="server">The server that should hold the copy.</param>
    /// <param name="status"><see cref="CopyStatus.Corrupt"/> or <see cref="CopyStatus.Missing"/>.</param>
    public static NpgsqlBatchCommand MarkDamaged(ChunkId chunk, ServerId server, string status) =>
        Command(Damage, chunk.Value, server.Value, status);

    /// <summary>Marks a copy as damaged, provided that its server is the one that listens at an address now.</summary>
    /// <remarks>An address may have passed to another server, which does not have the chunk, so its report does not count.</remarks>
    /// <param name="chunk">The chunk.</param>
    /// <param name="server">The server that should hold the copy.</param>
    /// <param name="status"><see cref="CopyStatus.Corrupt"/> or <see cref="CopyStatus.Missing"/>.</param>
    /// <param name="address">The address that reported the damage.</param>
    /// <param name="offlineAfter">The greatest age of the server's last heartbeat.</param>
    internal static NpgsqlBatchCommand MarkDamaged(ChunkId chunk, ServerId server, string status, Uri address, TimeSpan offlineAfter) =>
        Command(
            $"""
            {Damage} AND EXISTS (
                SELECT FROM storage_servers s
                WHERE s.server_id = r.server_id AND s.grpc_address = $4 AND s.last_heartbeat > now() - $5 AND NOT EXISTS (
                    SELECT FROM storage_servers o
                    WHERE o.grpc_address = s.grpc_address AND o.server_id <> s.server_id AND o.last_heartbeat > s.last_heartbeat))
            """,
            chunk.Value,
            server.Value,
            status,
            address.OriginalString,
            offlineAfter);

    internal static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    internal static NpgsqlBatchCommand OfAttempt(string sql, CopyTicket ticket, params ReadOnlySpan<object> values)
    {
        var command = Command(sql, ticket.Chunk.Value, ticket.Target.Value, ticket.Since.UtcDateTime);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
