using MediaAspire.Core.Buckets;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Objects;

/// <summary>Puts and deletions. Each takes the key's lock first, in a statement of its own, so that the next ones see what it waited for.</summary>
public sealed partial class ObjectCatalog
{
    /// <summary>Makes the statement that turns an upload into the latest version of a key, for <see cref="FileUpload.TryCommitAsync"/>.</summary>
    /// <remarks>
    /// The claim is lost when a condition does not hold or the bucket is gone, which <see cref="ExplainAsync"/> then says, or when anything of the
    /// bucket was changed since it was seen: what was decided by its settings has to be decided anew. The check is a part of the put's own
    /// transaction, so however long a caller has the bucket in memory, a change that was acknowledged before the put is never missed.
    /// </remarks>
    /// <param name="bucket">The bucket.</param>
    /// <param name="seen">The <see cref="Bucket.RowVersion"/> that it must still have; <see langword="null"/> when it may have been changed.</param>
    /// <param name="version">The version.</param>
    /// <param name="conditions">What must be true of the key.</param>
    public static CommitClaim Put(BucketId bucket, uint? seen, NewVersion version, ObjectConditions conditions)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(conditions);

        var put = new NpgsqlBatchCommand(
            "SELECT put_object($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)")
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = bucket.Value },
                new() { Value = (object?)seen ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Xid },
                new NpgsqlParameter<string> { TypedValue = version.Key },
                new NpgsqlParameter<Guid> { TypedValue = version.Id.Value },
                new NpgsqlParameter<long> { TypedValue = version.Size },
                new NpgsqlParameter<string> { TypedValue = version.ETag },
                new() { Value = (object?)version.File?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                NullableParameter.Text(conditions.IfMatch), NullableParameter.Text(conditions.IfNoneMatch),
            },
        };
        ObjectRows.AddAttributes(put.Parameters, version.Attributes);
        return new(put) { FailsWhenLost = true };
    }

    /// <summary>Makes a version out of files that are stored already, in one transaction.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="version">The version; its files get one holder more each.</param>
    /// <param name="parts">Its parts; empty when it has one file.</param>
    /// <param name="conditions">What must be true of the key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The version; <see langword="null"/> with the reason when it was not written. <see cref="ObjectWriteOutcome.NoSuchKey"/> is also said
    /// when a file was deleted in the meantime.</returns>
    public async Task<(ObjectVersion? Version, ObjectWriteOutcome Outcome)> ShareAsync(
        BucketId bucket, NewVersion version, IReadOnlyList<ObjectPart> parts, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(conditions);

        var files = version.File is { } single ? [single.Value] : parts.Select(part => part.File.Value).ToArray();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            batch.BatchCommands.Add(Lock(bucket, version.Key));

            // Locks the files' rows in one order: whoever takes the last holder away comes before or after, and then there is none to add to.
            batch.BatchCommands.Add(new(
                "SELECT file_id FROM files WHERE file_id = ANY ($1) AND upload_status = 'completed' ORDER BY file_id FOR NO KEY UPDATE")
            {
                Parameters = { new() { Value = files } },
            });
            batch.BatchCommands.Add(new(
                """
                UPDATE files f SET holders = f.holders + r.times
                FROM (SELECT id, count(*) AS times FROM unnest($1) AS id GROUP BY id) AS r
                WHERE f.file_id = r.id AND f.upload_status = 'completed' AND f.holders IS NOT NULL
                """)
            {
                Parameters = { new() { Value = files } },
            });
            var insert = Insert(bucket, version, conditions);
            batch.BatchCommands.Add(insert);
            if (parts.Count > 0)
            {
                batch.BatchCommands.Add(InsertParts(version.Id, parts));
            }

            batch.BatchCommands.Add(Settle(bucket, version.Key, version.Id));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            if (batch.BatchCommands[2].RecordsAffected == files.Distinct().Count() && insert.RecordsAffected == 1)
            {
                var written = await FindAnyAsync(connection, version.Id, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return (written, ObjectWriteOutcome.Written);
            }
        }

        var outcome = await ExplainAsync(bucket, version.Key, conditions, cancellationToken);
        return (null, outcome == ObjectWriteOutcome.Written ? ObjectWriteOutcome.NoSuchKey : outcome);
    }

    /// <summary>Says what stands against a write now; <see cref="ObjectWriteOutcome.Written"/> when nothing does any more.</summary>
    public async Task<ObjectWriteOutcome> ExplainAsync(
        BucketId bucket, string key, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conditions);

        await using var command = database.CreateCommand(
            """
            SELECT o.etag FROM buckets b LEFT JOIN objects o ON o.bucket_id = b.bucket_id AND o.key = $2 AND o.is_latest AND NOT o.is_delete_marker
            WHERE b.bucket_id = $1
            """);
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return ObjectWriteOutcome.NoSuchBucket;
        }

        return conditions.Judge(reader.IsDBNull(0) ? null : reader.GetString(0));
    }

    /// <summary>Finds a version by its id alone, within the connection's transaction: what was written there, before anybody can replace it.</summary>
    internal static async Task<ObjectVersion?> FindAnyAsync(NpgsqlConnection connection, VersionId version, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {ObjectRows.Columns} FROM objects o WHERE o.version_id = $1";
        command.Parameters.Add(new() { Value = version.Value });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Makes the statement that makes every later writer of the key wait for the end of the transaction.</summary>
    internal static NpgsqlBatchCommand Lock(BucketId bucket, string key) =>
        new("SELECT lock_object($1, $2)") { Parameters = { new() { Value = bucket.Value }, new() { Value = key } } };

    internal static NpgsqlBatchCommand Settle(BucketId bucket, string key, VersionId version) =>
        new("SELECT settle_object($1, $2, $3)")
        {
            Parameters = { new() { Value = bucket.Value }, new() { Value = key }, new() { Value = version.Value } },
        };

    /// <summary>Makes the statement that inserts a version; it changes no row when the bucket is gone or a condition does not hold.</summary>
    internal static NpgsqlBatchCommand Insert(BucketId bucket, NewVersion version, ObjectConditions conditions)
    {
        // A key without versions gets its latest one at once; elsewhere settle_object() changes over.
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO objects (version_id, bucket_id, key, is_null, is_latest, is_delete_marker, size, etag, file_id, part_count,
                owner_id, content_type, headers, metadata, tags, acl, storage_class, checksum_algorithm, checksum_type, checksum,
                lock_mode, retain_until, legal_hold)
            SELECT $1, b.bucket_id, $3, b.versioning <> 'enabled',
                NOT EXISTS (SELECT FROM objects o WHERE o.bucket_id = $2 AND o.key = $3 AND o.is_latest),
                $4, $5, $6, $7, $8, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                coalesce($21, CASE WHEN NOT $4 THEN b.object_lock ->> 'mode' END),
                coalesce($22, CASE WHEN NOT $4 AND b.object_lock IS NOT NULL THEN default_retention(b.object_lock) END),
                $23
            FROM buckets b
                 LEFT JOIN objects c ON c.bucket_id = b.bucket_id AND c.key = $3 AND c.is_latest AND NOT c.is_delete_marker
            WHERE b.bucket_id = $2
              AND ($9 IS NULL OR c.etag = $9 OR ($9 = '*' AND c.etag IS NOT NULL))
              AND ($10 IS NULL OR c.etag IS NULL OR (c.etag <> $10 AND $10 <> '*'))
            FOR KEY SHARE OF b
            """)
        {
            Parameters =
            {
                new() { Value = version.Id.Value }, new() { Value = bucket.Value }, new() { Value = version.Key },
                new() { Value = version.IsDeleteMarker }, new() { Value = version.Size }, new() { Value = version.ETag },
                new() { Value = (object?)version.File?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = (object?)version.PartCount ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer },
                NullableParameter.Text(conditions.IfMatch), NullableParameter.Text(conditions.IfNoneMatch),
            },
        };
        ObjectRows.AddAttributes(command.Parameters, version.Attributes);
        return command;
    }

    internal static NpgsqlBatchCommand InsertParts(VersionId version, IReadOnlyList<ObjectPart> parts) =>
        new(
            """
            INSERT INTO object_parts (version_id, part_number, part_offset, size, checksum, file_id)
            SELECT $1, * FROM unnest($2, $3, $4, $5, $6)
            """)
        {
            Parameters =
            {
                new() { Value = version.Value },
                new() { Value = parts.Select(part => part.Number).ToArray() },
                new() { Value = parts.Select(part => part.Offset).ToArray() },
                new() { Value = parts.Select(part => part.Size).ToArray() },
                new()
                {
                    Value = parts.Select(part => part.Checksum).ToArray(),
                    NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text,
                },
                new() { Value = parts.Select(part => part.File.Value).ToArray() },
            },
        };
}
