using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Files;

/// <summary>The rows of files that are written down once, when their only chunk is on its servers.</summary>
public sealed partial class FileCatalog
{
    // Raised by admit_chunk().
    private const string NotAdmitted = "MA001";

    /// <summary>Writes a file of at most one chunk down, complete, in a transaction that the caller commits.</summary>
    /// <param name="id">The file's id.</param>
    /// <param name="file">What was known of it before its bytes.</param>
    /// <param name="sha256">The SHA-256 of its bytes.</param>
    /// <param name="chunk">Its chunk, and the servers that failed to take it.</param>
    /// <param name="copies">How many copies the chunk should have; with fewer it is put on repair's list in the same transaction.</param>
    /// <param name="claim">Statements of the same transaction, one of which has to change a row; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task<PendingFile> StoreAsync(
        FileId id, NewFile file, Sha256Digest sha256, StoredShortChunk chunk, int copies, CommitClaim? claim, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var pending = new PendingFile(connection, await connection.BeginTransactionAsync(cancellationToken));
        try
        {
            await using var batch = new NpgsqlBatch(connection, pending.Transaction);
            AddShortFile(batch, id, file, sha256, chunk, copies);
            AddEndangered(batch, [chunk.Written], copies);
            claim?.AddTo(batch);
            pending.Completion = await RunAsync(batch, claim, cancellationToken);
            return pending;
        }
        catch (PostgresException refusal) when (refusal.SqlState == NotAdmitted)
        {
            pending.Completion = new(CompletionOutcome.SessionLost, default);
            return pending;
        }
        catch
        {
            await pending.DisposeAsync();
            throw;
        }
    }

    private static void AddShortFile(NpgsqlBatch batch, FileId id, NewFile file, Sha256Digest sha256, StoredShortChunk chunk, int copies)
    {
        var written = chunk.Written;
        batch.BatchCommands.Add(new("SELECT admit_chunk($1, $2)")
        {
            Parameters = { new() { Value = written.Id.Value }, new() { Value = written.Servers.Select(server => server.Value).ToArray() } },
        });
        batch.BatchCommands.Add(new(
            """
            INSERT INTO files (file_id, filename, content_type, upload_status, copies, holders, total_size, checksum, completed_at)
            VALUES ($1, $2, $3, 'completed', $4, $5, $6, $7, now()) RETURNING completed_at
            """)
        {
            Parameters =
            {
                new() { Value = id.Value }, new() { Value = file.Filename }, new() { Value = file.ContentType }, new() { Value = copies },
                new() { Value = (object?)file.Holders ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = written.Size }, new() { Value = sha256.Bytes },
            },
        });
        batch.BatchCommands.Add(new(
            """
            INSERT INTO chunks (chunk_id, file_id, chunk_number, chunk_offset, storage_server_id, chunk_size, chunk_hash)
            VALUES ($1, $2, 0, 0, $3, $4, $5)
            """)
        {
            Parameters =
            {
                new() { Value = written.Id.Value }, new() { Value = id.Value }, new() { Value = chunk.FirstChoice.Value },
                new() { Value = written.Size }, new() { Value = written.Sha256.Bytes },
            },
        });

        // A server that failed may still hold a sealed copy whose acknowledgement was lost: its row says where to look.
        var servers = written.Servers.Concat(chunk.Failed);
        batch.BatchCommands.Add(new(
            """
            INSERT INTO chunk_replicas (chunk_id, server_id, status)
            SELECT $1, w.server, CASE WHEN w.place <= $3 THEN 'stored' ELSE 'failed' END FROM unnest($2) WITH ORDINALITY AS w (server, place)
            """)
        {
            Parameters =
            {
                new() { Value = written.Id.Value }, new() { Value = servers.Select(server => server.Value).ToArray() },
                new() { Value = (long)written.Servers.Count },
            },
        });
    }

    /// <summary>Runs the statements; the first one that returns a moment tells when the file was complete.</summary>
    private static async Task<Completion> RunAsync(NpgsqlBatch batch, CommitClaim? claim, CancellationToken cancellationToken)
    {
        DateTimeOffset completedAt = default;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            // admit_chunk() comes first, and returns nothing of use.
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                completedAt = reader.GetFieldValue<DateTimeOffset>(0);
            }
        }

        return claim is { Deciding.RecordsAffected: 0 }
            ? new(CompletionOutcome.ClaimLost, default)
            : new(CompletionOutcome.Completed, completedAt);
    }
}

/// <summary>The only chunk of a file, on stable storage.</summary>
/// <param name="Written">The chunk and the servers that acknowledged it.</param>
/// <param name="FirstChoice">The server that the placement chose first.</param>
/// <param name="Failed">Servers that were sent the chunk and did not acknowledge it.</param>
internal sealed record StoredShortChunk(WrittenChunk Written, ServerId FirstChoice, IReadOnlyList<ServerId> Failed);
