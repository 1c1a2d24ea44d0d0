using System.Collections.Immutable;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Files;

/// <summary>The catalog of files, chunks and copies in PostgreSQL, the authority on all stored content.</summary>
/// <remarks>Every method is one round trip and one transaction.</remarks>
public sealed partial class FileCatalog(NpgsqlDataSource dataSource) : IChunkLocator
{
    /// <summary>The columns that <see cref="ReadChunksAsync"/> reads, one row for each copy.</summary>
    internal const string ChunkColumns =
        "c.chunk_id, c.chunk_number, c.chunk_offset, c.chunk_size, c.chunk_hash, r.server_id, r.status, c.file_id";

    /// <summary>The tables of these columns.</summary>
    /// <remarks>Joined chunk by chunk: before its first statistics the planner takes tables for small, and would read all copies.</remarks>
    internal const string ChunkSource =
        """
        chunks c CROSS JOIN LATERAL (
            SELECT r.server_id, r.status, r.created_at FROM chunk_replicas r WHERE r.chunk_id = c.chunk_id OFFSET 0) r
        """;

    /// <summary>The order of the rows: by chunk, with the copy on the first server of the plan before the others.</summary>
    internal const string ChunkOrder = "c.chunk_number, r.server_id IS DISTINCT FROM c.storage_server_id, r.created_at, r.server_id";

    /// <summary>Finds a completed file without holders, with its chunks and their copies.</summary>
    /// <inheritdoc cref="FindAsync(FileId, OwnerId?, CancellationToken)"/>
    public Task<StoredFile?> FindAsync(FileId id, CancellationToken cancellationToken) => FindAsync(id, owner: null, cancellationToken);

    /// <summary>Finds a completed file of an owner without holders, with its chunks and their copies.</summary>
    /// <param name="id">The file.</param>
    /// <param name="owner">The owner whose files alone are found; <see langword="null"/> to find any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The file; <see langword="null"/> when it does not exist, was deleted, or belongs to another owner.</returns>
    public Task<StoredFile?> FindAsync(FileId id, OwnerId? owner, CancellationToken cancellationToken) =>
        FindAsync(id, "holders IS NULL AND upload_status = 'completed'", owner, cancellationToken);

    /// <summary>
    /// Finds a completed file with holders. A deleted one is found too until its bytes are collected, so that its readers can finish.
    /// </summary>
    /// <returns>The file; <see langword="null"/> when it does not exist any more.</returns>
    public Task<StoredFile?> FindHeldAsync(FileId id, CancellationToken cancellationToken) =>
        FindAsync(id, "holders IS NOT NULL AND upload_status IN ('completed', 'deleted')", owner: null, cancellationToken);

    /// <summary>Reads the chunks of one file.</summary>
    /// <returns>The file's id, <see langword="null"/> for no chunks, and its chunks.</returns>
    internal static async Task<(FileId? File, ImmutableArray<StoredChunk> Chunks)> ReadChunksAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        FileId? file = null;
        var chunks = ImmutableArray.CreateBuilder<StoredChunk>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = new ChunkId(reader.GetGuid(0));
            var copy = new StoredCopy(new ServerId(reader.GetGuid(5)), reader.GetString(6));
            if (chunks.Count > 0 && chunks[^1].Id == id)
            {
                chunks[^1] = chunks[^1] with { Copies = chunks[^1].Copies.Add(copy) };
            }
            else
            {
                chunks.Add(new(id, reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3), Digest(reader, 4), [copy]));
                file = new(reader.GetGuid(7));
            }
        }

        return (file, chunks.ToImmutable());
    }

    private static Sha256Digest Digest(NpgsqlDataReader reader, int ordinal) => new(reader.GetFieldValue<byte[]>(ordinal));

    private async Task<StoredFile?> FindAsync(FileId id, string condition, OwnerId? owner, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(new(
            $"""
            SELECT filename, content_type, total_size, checksum, completed_at FROM files
            WHERE file_id = $1 AND {condition} AND ($2 IS NULL OR owner_id = $2)
            """)
        {
            Parameters = { new() { Value = id.Value }, NullableParameter.Text(owner?.Value) },
        });
        batch.BatchCommands.Add(new(
            $"SELECT {ChunkColumns} FROM {ChunkSource} WHERE c.file_id = $1 ORDER BY {ChunkOrder}")
        {
            Parameters = { new() { Value = id.Value } },
        });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var file = new StoredFile(
            id,
            reader.GetString(0),
            reader.GetString(1),
            reader.GetInt64(2),
            reader.IsDBNull(3) ? null : Digest(reader, 3),
            reader.GetFieldValue<DateTimeOffset>(4),
            []);

        await reader.NextResultAsync(cancellationToken);
        return file with { Chunks = (await ReadChunksAsync(reader, cancellationToken)).Chunks };
    }

    /// <inheritdoc/>
    public async Task<LocatedCopies> LocateAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT server_id, status FROM chunk_replicas
            WHERE chunk_id = $1 AND status IN ('stored', 'corrupt') ORDER BY created_at, server_id
            """);
        command.Parameters.Add(new() { Value = chunk.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);

        List<ServerId> stored = [], corrupt = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            (reader.GetString(1) == CopyStatus.Stored ? stored : corrupt).Add(new ServerId(reader.GetGuid(0)));
        }

        return new LocatedCopies(stored, corrupt);
    }

    /// <summary>Deletes a file without holders: it becomes invisible now, and its bytes are collected after a grace period.</summary>
    /// <param name="id">The file.</param>
    /// <param name="owner">The owner whose files alone are deleted; <see langword="null"/> to delete any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="true"/> when the file was visible, to that owner.</returns>
    public async Task<bool> DeleteAsync(FileId id, OwnerId? owner, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT delete_files(ARRAY[$1], $2)");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(NullableParameter.Text(owner?.Value));
        return await command.ExecuteScalarAsync(cancellationToken) is 1;
    }
}
