using MediaAspire.Core.Checksums;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.NamedFiles;

/// <summary>The rows of named files: the truth of which version is current and where its bytes are.</summary>
public sealed class NamedFileCatalog(NpgsqlDataSource database)
{
    /// <summary>Finds the current version.</summary>
    /// <param name="key">The owner's client, and its name for the file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null when the client has no file of this name.</returns>
    public async Task<NamedFile?> FindAsync(NamedFileKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT version, size, sha256, file_id FROM named_files WHERE owner_id = $1 AND client_id = $2 AND name = $3");
        key.AddTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Finds a version that is current and still staged.</summary>
    /// <returns>It and its name; null when it was replaced, or has been split.</returns>
    public async Task<(NamedFile File, string Name)?> FindStagedAsync(StagingId version, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT version, size, sha256, file_id, name FROM named_files WHERE version = $1 AND file_id IS NULL");
        command.Parameters.Add(new() { Value = version.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (Read(reader), reader.GetString(4)) : null;
    }

    /// <summary>Reads the identity of the cluster whose database this is, and whether any of some versions is current and staged.</summary>
    /// <inheritdoc cref="DatabaseIdentity.IdentifyAsync"/>
    public Task<(ClusterId Cluster, bool KnowsAny)> IdentifyAsync(IEnumerable<StagingId> versions, CancellationToken cancellationToken) =>
        database.IdentifyAsync(
            "SELECT FROM named_files WHERE version = ANY ($1) AND file_id IS NULL",
            versions.Select(version => version.Value),
            cancellationToken);

    /// <summary>Switches a version from staging to an uploaded file, in the transaction that makes the file visible.</summary>
    /// <returns>
    /// The file; <see langword="null"/> when the version is not current and staged any more. Disposing the upload then removes it.
    /// </returns>
    /// <exception cref="FileWriteException">A chunk could not be made durable, or the upload's session has expired.</exception>
    public static Task<StoredFileSummary?> SwitchAsync(StagingId version, FileUpload file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);

        var change = new NpgsqlBatchCommand("SELECT switch_named_file($1, $2)")
        {
            Parameters = { new() { Value = version.Value }, new() { Value = file.Id.Value } },
        };
        return file.TryCommitAsync(new(change), cancellationToken);
    }

    /// <summary>Tells which staged values no row refers to, and has every later put of theirs fail.</summary>
    public async Task<IReadOnlyList<StagingId>> AbandonAsync(IReadOnlyCollection<StagingId> versions, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        var ids = versions.Select(version => version.Value).ToArray();

        // In one order, so that no two sweepers wait for each other; a statement of its own, so that the next one sees what the lock waited
        // for.
        batch.BatchCommands.Add(new(
            "SELECT count(pg_advisory_xact_lock(hashtextextended(v::text, 0))) FROM (SELECT v FROM unnest($1) AS v ORDER BY v) AS ordered")
        {
            Parameters = { new() { Value = ids } },
        });
        batch.BatchCommands.Add(new(
            """
            INSERT INTO abandoned_versions (version)
            SELECT v FROM unnest($1) AS v WHERE NOT EXISTS (SELECT FROM named_files WHERE version = v AND file_id IS NULL)
            ON CONFLICT (version) DO UPDATE SET abandoned_at = now()
            RETURNING version
            """)
        {
            Parameters = { new() { Value = ids } },
        });

        var abandoned = new List<StagingId>();
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                abandoned.Add(new(reader.GetGuid(0)));
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return abandoned;
    }

    /// <summary>Forgets abandoned versions whose puts ended long ago.</summary>
    public async Task ForgetAbandonedAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM abandoned_versions WHERE abandoned_at < now() - $1");
        command.Parameters.Add(new() { Value = age });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes versions that have been staged for long to be enqueued again; after each time it waits twice as long.</summary>
    public async Task<IReadOnlyList<StagingId>> TakeOverdueAsync(TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE named_files SET enqueued_at = now(), enqueues = enqueues + 1
            WHERE (owner_id, client_id, name) IN (
                SELECT owner_id, client_id, name FROM named_files
                WHERE file_id IS NULL AND enqueued_at < now() - $1 * power(2, least(enqueues, 10) - 1)
                ORDER BY enqueued_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING version
            """);
        command.Parameters.Add(new() { Value = age });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<StagingId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(new(reader.GetGuid(0)));
        }

        return versions;
    }

    /// <summary>Makes the statement of a put. Its result is false when the version was abandoned.</summary>
    internal static NpgsqlBatchCommand Put(NamedFileKey key, StagingId version, long size, Sha256Digest sha256)
    {
        var put = new NpgsqlBatchCommand("SELECT put_named_file($1, $2, $3, $4, $5, $6)");
        key.AddTo(put.Parameters);
        put.Parameters.Add(new() { Value = version.Value });
        put.Parameters.Add(new() { Value = size });
        put.Parameters.Add(new() { Value = sha256.Bytes });
        return put;
    }

    private static NamedFile Read(NpgsqlDataReader reader) => new(
        new(reader.GetGuid(0)),
        reader.GetInt64(1),
        new(reader.GetFieldValue<byte[]>(2)),
        reader.IsDBNull(3) ? null : new FileId(reader.GetGuid(3)));
}
