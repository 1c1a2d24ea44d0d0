using MediaAspire.Core.Checksums;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Files;

/// <summary>The rows of a file that is being uploaded.</summary>
public sealed partial class FileCatalog
{
    /// <summary>Records a new file and its upload session.</summary>
    /// <param name="id">The file's id.</param>
    /// <param name="file">Its name, type and holders.</param>
    /// <param name="copies">The number of copies wanted of each chunk.</param>
    /// <param name="sessionLifetime">The lifetime of the session without a new byte.</param>
    /// <param name="first">The first chunk, so that a small file needs one round trip only; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task BeginAsync(
        FileId id, NewFile file, int copies, TimeSpan sessionLifetime, PlannedChunk? first, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);

        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            INSERT INTO files (file_id, filename, content_type, upload_status, copies, holders, owner_id)
            VALUES ($1, $2, $3, 'uploading', $4, $5, $6)
            """)
        {
            Parameters =
            {
                new() { Value = id.Value }, new() { Value = file.Filename }, new() { Value = file.ContentType }, new() { Value = copies },
                new() { Value = (object?)file.Holders ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                NullableParameter.Text(file.Owner?.Value),
            },
        });
        batch.BatchCommands.Add(new(
            "INSERT INTO upload_sessions (session_id, file_id, status, expires_at) VALUES ($1, $2, 'active', now() + $3)")
        {
            Parameters = { new() { Value = Guid.CreateVersion7() }, new() { Value = id.Value }, new() { Value = sessionLifetime } },
        });
        if (first is not null)
        {
            AddChunk(batch, id, first);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records a chunk before its first byte is sent, so that after a crash every byte has a row.</summary>
    public async Task AddChunkAsync(FileId id, PlannedChunk chunk, TimeSpan sessionLifetime, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        AddChunk(batch, id, chunk);
        batch.BatchCommands.Add(Touch(id, sessionLifetime));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records the server that replaces a failed one, before it receives its first byte.</summary>
    public async Task AddCopyAsync(ChunkId chunk, ServerId server, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(CopyTransitions.BeginWriting(chunk, [server]));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Extends the session to <paramref name="sessionLifetime"/> from now.</summary>
    public async Task TouchAsync(FileId id, TimeSpan sessionLifetime, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(Touch(id, sessionLifetime));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Makes a file visible: its chunks, its copies, its length and its hash in one transaction.</summary>
    /// <param name="id">The file.</param>
    /// <param name="owner">Its owner; <see langword="null"/> for none.</param>
    /// <param name="size">Its length in bytes.</param>
    /// <param name="sha256">The SHA-256 of its bytes; <see langword="null"/> when it was not computed.</param>
    /// <param name="chunks">Its chunks.</param>
    /// <param name="copies">
    /// The number of copies wanted of each chunk. Chunks with fewer are listed for repair in the same transaction.
    /// </param>
    /// <param name="condition">The condition that has to be met in the same transaction; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task<Completion> CompleteAsync(
        FileId id,
        OwnerId? owner,
        long size,
        Sha256Digest? sha256,
        IReadOnlyList<WrittenChunk> chunks,
        int copies,
        CommitCondition? condition,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);

        // First, because it locks the row: a sweeper that wants the session now waits, and then finds it gone.
        batch.BatchCommands.Add(new("DELETE FROM upload_sessions WHERE file_id = $1 AND status = 'active' RETURNING now()")
        {
            Parameters = { new() { Value = id.Value } },
        });
        AddChunkUpdates(batch, chunks);
        AddEndangered(batch, chunks, copies);
        batch.BatchCommands.Add(new(
            """
            UPDATE files SET upload_status = 'completed', total_size = $2, checksum = $3, completed_at = now()
            WHERE file_id = $1 AND upload_status = 'uploading'
            """)
        {
            Parameters =
            {
                new() { Value = id.Value }, new() { Value = size },
                new() { Value = (object?)sha256?.Bytes ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        });

        condition?.AddTo(batch);

        // Last, because other writers of the owner wait for it.
        if (owner is { } charged)
        {
            batch.BatchCommands.Add(new("SELECT charge_owner($1, $2, 1)")
            {
                Parameters = { new() { Value = charged.Value }, new() { Value = size } },
            });
        }

        DateTimeOffset? completedAt = null;
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                completedAt = reader.GetFieldValue<DateTimeOffset>(0);
            }
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            return new(CompletionOutcome.QuotaExceeded, default) { Refusal = refusal };
        }
        catch (PostgresException failure) when (condition?.IsUnmetBy(failure) == true)
        {
            return new(CompletionOutcome.ConditionUnmet, default);
        }

        if (completedAt is null)
        {
            return new(CompletionOutcome.SessionLost, default);
        }

        await transaction.CommitAsync(cancellationToken);
        return new(CompletionOutcome.Completed, completedAt.Value);
    }

    /// <summary>Abandons an upload: its session ends now, and it can no longer be completed.</summary>
    /// <returns><see langword="true"/> when it was open. Otherwise it may have been completed, and its chunks must be kept.</returns>
    public async Task<bool> TryAbandonAsync(FileId id, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();

        // The session's row first, as in CompleteAsync: this waits for a commit whose answer was lost, and then finds it done.
        batch.BatchCommands.Add(
            new("UPDATE upload_sessions SET status = 'aborted', expires_at = now() WHERE file_id = $1 AND status = 'active'")
            {
                Parameters = { new() { Value = id.Value } },
            });
        batch.BatchCommands.Add(new("UPDATE files SET upload_status = 'failed' WHERE file_id = $1 AND upload_status = 'uploading'")
        {
            Parameters = { new() { Value = id.Value } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    /// <summary>Removes every row of an abandoned upload; call it after its chunks are deleted from the servers.</summary>
    public async Task RemoveAsync(FileId id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("DELETE FROM files WHERE file_id = $1 AND upload_status = 'failed'");
        command.Parameters.Add(new() { Value = id.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddChunk(NpgsqlBatch batch, FileId file, PlannedChunk chunk)
    {
        batch.BatchCommands.Add(new(
            "INSERT INTO chunks (chunk_id, file_id, chunk_number, chunk_offset, storage_server_id) VALUES ($1, $2, $3, $4, $5)")
        {
            Parameters =
            {
                new() { Value = chunk.Id.Value }, new() { Value = file.Value }, new() { Value = chunk.Number },
                new() { Value = chunk.Offset }, new() { Value = chunk.Servers[0].Value },
            },
        });
        batch.BatchCommands.Add(CopyTransitions.BeginWriting(chunk.Id, chunk.Servers));
    }

    private static NpgsqlBatchCommand Touch(FileId id, TimeSpan sessionLifetime) =>
        new("UPDATE upload_sessions SET expires_at = now() + $2 WHERE file_id = $1 AND status = 'active'")
        {
            Parameters = { new() { Value = id.Value }, new() { Value = sessionLifetime } },
        };

    private static void AddChunkUpdates(NpgsqlBatch batch, IReadOnlyList<WrittenChunk> chunks)
    {
        if (chunks.Count == 0)
        {
            return;
        }

        batch.BatchCommands.Add(new(
            """
            UPDATE chunks SET chunk_size = w.size, chunk_hash = w.hash
            FROM unnest($1, $2, $3) AS w(id, size, hash) WHERE chunk_id = w.id
            """)
        {
            Parameters =
            {
                new() { Value = chunks.Select(chunk => chunk.Id.Value).ToArray() },
                new() { Value = chunks.Select(chunk => chunk.Size).ToArray() },
                new()
                {
                    Value = chunks.Select(chunk => chunk.Sha256.Bytes.ToArray()).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                },
            },
        });

        batch.BatchCommands.Add(CopyTransitions.MarkWritten(
            chunks.Select(chunk => chunk.Id),
            [.. chunks.SelectMany(chunk => chunk.Servers, (chunk, server) => (chunk.Id, server))]));
    }

    private static void AddEndangered(NpgsqlBatch batch, IReadOnlyList<WrittenChunk> chunks, int copies)
    {
        var degraded = chunks.Where(chunk => chunk.Servers.Count < copies).ToList();
        if (degraded.Count == 0)
        {
            return;
        }

        batch.BatchCommands.Add(new(
            """
            INSERT INTO endangered_chunks (chunk_id, live, wanted, bytes)
            SELECT w.id, w.live, $4, w.size FROM unnest($1, $2, $3) AS w(id, live, size)
            """)
        {
            Parameters =
            {
                new() { Value = degraded.Select(chunk => chunk.Id.Value).ToArray() },
                new() { Value = degraded.Select(chunk => chunk.Servers.Count).ToArray() },
                new() { Value = degraded.Select(chunk => chunk.Size).ToArray() },
                new() { Value = copies },
            },
        });
    }
}
