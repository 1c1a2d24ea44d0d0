using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Npgsql;
using static MediaAspire.Core.Copies.CopyTransitions;

namespace MediaAspire.Core.Copies;

/// <summary>The commands that request the removal of copies, and those that end it. Only these make a copy <c>deleting</c>.</summary>
/// <remarks>
/// <c>deleting</c> is final: such a row is only ever deleted, once its server has no byte of the copy left. Callers add the commands to
/// transactions of their own. While a restore of the database is open (<see cref="DatabaseRestores.NoneOpen"/>), the requests of the
/// sweeps change nothing; only the remainders of attempts that failed become <c>deleting</c>, and wait.
/// </remarks>
public static class CopyRemovals
{
    private const string Request =
        "UPDATE chunk_replicas r SET status = 'deleting', status_since = now(), copying_until = NULL, before_copying = NULL";

    // Of a row c of chunks.
    private const string IsUnneeded =
        $"r.chunk_id = c.chunk_id AND r.status <> 'deleting' AND {ChunkReferences.NoneLeft} AND {DatabaseRestores.NoneOpen}";

    private const string ForgetAllButWriting = "DELETE FROM chunk_replicas WHERE server_id = $1 AND status <> 'writing'";

    /// <summary>Requests the removal of settled copies: <c>stored</c>, <c>corrupt</c> or <c>missing</c> → <c>deleting</c>.</summary>
    internal static NpgsqlBatchCommand RequestSettled(ChunkId chunk, IEnumerable<ServerId> servers) =>
        Command(
            $"""
            {Request}
            WHERE r.chunk_id = $1 AND r.server_id = ANY ($2) AND r.status IN ('stored', 'corrupt', 'missing')
              AND {DatabaseRestores.NoneOpen}
            """,
            chunk.Value,
            servers.Select(server => server.Value).ToArray());

    /// <summary>Requests the removal of the copy that another one replaces: <c>stored</c> → <c>deleting</c>.</summary>
    /// <remarks>While a restore is open, the copy stays beside the new one, and repair removes the surplus later.</remarks>
    internal static NpgsqlBatchCommand RequestReplaced(ChunkId chunk, ServerId server) =>
        Command(
            $"{Request} WHERE r.chunk_id = $1 AND r.server_id = $2 AND r.status = 'stored' AND {DatabaseRestores.NoneOpen}",
            chunk.Value,
            server.Value);

    /// <summary>
    /// Ends an attempt that failed: <c>copying</c> → what the copy was before, <c>corrupt</c> or <c>missing</c>, or else <c>deleting</c>.
    /// </summary>
    internal static NpgsqlBatchCommand AbandonCopying(CopyTicket ticket) =>
        OfAttempt(
            $"""
            UPDATE chunk_replicas
            SET status = coalesce(before_copying, 'deleting'), status_since = now(), copying_until = NULL, before_copying = NULL
            WHERE {IsAttempt}
            """,
            ticket);

    /// <summary>Requests the removal of an attempt whose file is gone: <c>copying</c> → <c>deleting</c>.</summary>
    internal static NpgsqlBatchCommand RequestAttempt(CopyTicket ticket) => OfAttempt($"{Request} WHERE {IsAttempt}", ticket);

    /// <summary>Requests the removal of the copies that a cancelled rebalance is making: <c>copying</c> → <c>deleting</c>.</summary>
    public static NpgsqlBatchCommand RequestMoves(Guid rebalance) =>
        Command(
            $"""
            {Request}
            FROM rebalance_moves m
            WHERE m.rebalance_id = $1 AND m.state = 'copying'
              AND r.chunk_id = m.chunk_id AND r.server_id = m.to_server AND r.status = 'copying'
            """,
            rebalance);

    /// <summary>Requests the removal of failed copies of complete files, oldest first: <c>failed</c> → <c>deleting</c>.</summary>
    public static NpgsqlBatchCommand RequestFailed(int limit) =>
        Command(
            $"""
            {Request}
            FROM (SELECT r.chunk_id, r.server_id FROM chunk_replicas r JOIN chunks c USING (chunk_id) JOIN files f USING (file_id)
                  WHERE r.status = 'failed' AND f.upload_status = 'completed' ORDER BY r.status_since LIMIT $1) old
            WHERE r.chunk_id = old.chunk_id AND r.server_id = old.server_id AND r.status = 'failed' AND {DatabaseRestores.NoneOpen}
            """,
            limit);

    /// <summary>Requests the removal of every copy of a failed upload's chunks that no other file needs: any → <c>deleting</c>.</summary>
    public static NpgsqlBatchCommand RequestOfFailedUpload(FileId file) =>
        Command(
            $"{Request} FROM chunks c JOIN files f USING (file_id) WHERE c.file_id = $1 AND f.upload_status = 'failed' AND {IsUnneeded}",
            file.Value);

    /// <summary>Requests the removal of every copy of deleted files' chunks that no other file needs: any → <c>deleting</c>.</summary>
    /// <remarks>The caller holds the locks of the files' rows.</remarks>
    public static NpgsqlBatchCommand RequestOfDeletedFiles(IEnumerable<FileId> files) =>
        Command($"{Request} FROM chunks c WHERE c.file_id = ANY ($1) AND {IsUnneeded}", files.Select(file => file.Value).ToArray());

    /// <summary>Requests the removal of untracked copies of known chunks on a server's disk: none → <c>deleting</c>.</summary>
    /// <remarks>
    /// Under the lock of the chunk's row, which repair and rebalancing take before they choose a server for a new copy: a copy is never
    /// unlinked here while it is becoming one of theirs. The copy of a chunk that has too few others stays: it may be the last one.
    /// </remarks>
    /// <param name="server">The server.</param>
    /// <param name="cluster">The server's cluster; nothing is requested when the database is another cluster's by now.</param>
    /// <param name="grace">The least time since the copy was found.</param>
    /// <param name="liveAfter"><see cref="LivenessOptions.After"/>.</param>
    public static NpgsqlBatchCommand RequestUntracked(ServerId server, ClusterId cluster, TimeSpan grace, TimeSpan liveAfter) =>
        Command(
            $"""
            WITH old AS (
                SELECT c.chunk_id, c.file_id FROM untracked_chunks u JOIN chunks c USING (chunk_id)
                WHERE u.server_id = $2 AND u.found_at <= now() - $3 AND EXISTS (SELECT FROM cluster WHERE cluster_id = $4)
                  AND {DatabaseRestores.NoneOpen}
                ORDER BY c.chunk_id FOR UPDATE OF c
            )
            INSERT INTO chunk_replicas (chunk_id, server_id, status)
            SELECT c.chunk_id, $2, 'deleting' FROM old c JOIN files f USING (file_id)
            WHERE f.upload_status IN ('failed', 'deleted') OR (f.upload_status = 'completed' AND {LiveCopies.OfChunk} >= f.copies)
            ON CONFLICT DO NOTHING
            """,
            liveAfter,
            server.Value,
            grace,
            cluster.Value);

    /// <summary>Confirms that copies are off their server: <c>deleting</c> → none.</summary>
    public static NpgsqlBatchCommand Confirm(ServerId server, IEnumerable<ChunkId> chunks) =>
        Command(
            "DELETE FROM chunk_replicas WHERE server_id = $1 AND chunk_id = ANY ($2) AND status = 'deleting'",
            server.Value,
            chunks.Select(chunk => chunk.Value).ToArray());

    /// <summary>Postpones copies that their server could not delete: their grace begins again, and others come before them.</summary>
    public static NpgsqlBatchCommand Postpone(ServerId server, IEnumerable<ChunkId> chunks) =>
        Command(
            "UPDATE chunk_replicas SET status_since = now() WHERE server_id = $1 AND chunk_id = ANY ($2) AND status = 'deleting'",
            server.Value,
            chunks.Select(chunk => chunk.Value).ToArray());

    /// <summary>Forgets the copies to remove on servers that an operator has removed: <c>deleting</c> → none.</summary>
    public static NpgsqlBatchCommand ForgetOnRemovedServers(int limit) =>
        Command(
            $"""
            DELETE FROM chunk_replicas WHERE (chunk_id, server_id) IN (
                SELECT r.chunk_id, r.server_id FROM storage_servers s JOIN chunk_replicas r USING (server_id)
                WHERE s.status = 'removed' AND r.status = 'deleting' AND {DatabaseRestores.NoneOpen}
                LIMIT $1 FOR UPDATE OF r SKIP LOCKED)
            """,
            limit);

    /// <summary>Forgets every copy on a server that is being removed: any state → none.</summary>
    /// <remarks>The caller holds the lock of the server's row.</remarks>
    public static NpgsqlBatchCommand ForgetServer(ServerId server) =>
        Command("DELETE FROM chunk_replicas WHERE server_id = $1", server.Value);

    /// <summary>Forgets the copies on a server that is being readmitted: any state but <c>writing</c> → none.</summary>
    /// <remarks>A <c>writing</c> copy belongs to its upload. The caller holds the lock of the server's row.</remarks>
    public static NpgsqlBatchCommand ForgetReadmitted(ServerId server) => Command(ForgetAllButWriting, server.Value);

    /// <summary>Forgets copies that uploads completed on a server during its removal: any state but <c>writing</c> → none.</summary>
    /// <remarks>Locks the server's row, and changes nothing when the server was readmitted meanwhile.</remarks>
    public static NpgsqlBatchCommand ForgetStrays(ServerId server) =>
        Command(
            $"{ForgetAllButWriting} AND (SELECT status FROM storage_servers WHERE server_id = $1 FOR UPDATE) = 'removed'",
            server.Value);
}
