using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Buckets;

/// <summary>Deletions of objects: of all that a reader sees, or of one version for good.</summary>
public sealed partial class ObjectCatalog
{
    /// <summary>Deletes an object as its bucket's versioning has it: for good, or by a marker on top of its versions.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key; one that is not there is deleted as well.</param>
    /// <param name="ownerId">Who owns the marker.</param>
    /// <param name="conditions">What must be true of the key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The marker, where one was made.</returns>
    public async Task<ObjectDeletion> DeleteAsync(
        BucketId bucket, string key, string ownerId, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conditions);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Lock(bucket, key));
        batch.BatchCommands.Add(new(
            """
            SELECT b.versioning, o.version_id, o.etag, o.is_delete_marker
            FROM buckets b LEFT JOIN objects o ON o.bucket_id = b.bucket_id AND o.key = $2 AND o.is_latest
            WHERE b.bucket_id = $1 FOR KEY SHARE OF b
            """)
        {
            Parameters = { new() { Value = bucket.Value }, new() { Value = key } },
        });

        string? versioning = null;
        VersionId? latest = null;
        string? etag = null;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                versioning = reader.GetString(0);
                if (!reader.IsDBNull(1))
                {
                    latest = new(reader.GetGuid(1));
                    etag = reader.GetBoolean(3) ? null : reader.GetString(2);
                }
            }
        }

        if (versioning is null)
        {
            return new(ObjectWriteOutcome.NoSuchBucket, Marker: null);
        }

        if (conditions.Judge(etag) is var outcome and not ObjectWriteOutcome.Written)
        {
            return new(outcome, Marker: null);
        }

        VersionId? marker = null;
        await using var change = new NpgsqlBatch(connection, transaction);
        if (versioning == "off")
        {
            if (latest is { } removed)
            {
                change.BatchCommands.Add(RemoveVersion(bucket, key, removed));
            }
        }
        else
        {
            var version = new NewVersion(VersionId.New(time), key, new ObjectAttributes(ownerId, ""), 0, "") { IsDeleteMarker = true };
            marker = version.Id;
            change.BatchCommands.Add(Insert(bucket, version, ObjectConditions.None));
            change.BatchCommands.Add(Settle(bucket, key, version.Id));
        }

        if (change.BatchCommands.Count > 0)
        {
            await change.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new(ObjectWriteOutcome.Written, marker is null ? null : await FindAnyAsync(marker.Value, cancellationToken));
    }

    /// <summary>Deletes one version for good; the newest that is left becomes the latest.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">The version; <see langword="null"/> for the one called "null".</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was deleted; <see langword="null"/> when there was no such version.</returns>
    public async Task<ObjectVersion?> DeleteVersionAsync(BucketId bucket, string key, VersionId? version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Lock(bucket, key));
        batch.BatchCommands.Add(new(
            $"""
            SELECT {ObjectRows.Columns} FROM objects o
            WHERE o.bucket_id = $1 AND o.key = $2 AND CASE WHEN $3 IS NULL THEN o.is_null ELSE o.version_id = $3 AND NOT o.is_null END
            """)
        {
            Parameters =
            {
                new() { Value = bucket.Value }, new() { Value = key },
                new() { Value = (object?)version?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
            },
        });

        ObjectVersion? found = null;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                found = ObjectRows.Read(reader);
            }
        }

        if (found is null)
        {
            return null;
        }

        await using var change = new NpgsqlBatch(connection, transaction);
        change.BatchCommands.Add(RemoveVersion(bucket, key, found.Id));
        await change.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return found;
    }

    private static NpgsqlBatchCommand RemoveVersion(BucketId bucket, string key, VersionId version) =>
        new("SELECT remove_version($1, $2, $3)")
        {
            Parameters = { new() { Value = bucket.Value }, new() { Value = key }, new() { Value = version.Value } },
        };
}
