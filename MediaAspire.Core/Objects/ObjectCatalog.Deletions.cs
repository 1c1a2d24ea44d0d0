using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Objects;

/// <summary>Deletions of objects: of all that a reader sees, or of one version for good.</summary>
public sealed partial class ObjectCatalog
{
    /// <summary>Deletes an object as its bucket's versioning has it: for good, or by a marker on top of its versions.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key; one that is not there is deleted as well.</param>
    /// <param name="ownerId">Who owns the marker.</param>
    /// <param name="conditions">What must be true of the latest version.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ObjectDeletion> DeleteAsync(
        BucketId bucket, string key, string ownerId, DeletionConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conditions);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Lock(bucket, key));
        batch.BatchCommands.Add(new("SELECT versioning FROM buckets WHERE bucket_id = $1 FOR KEY SHARE")
        {
            Parameters = { new() { Value = bucket.Value } },
        });
        batch.BatchCommands.Add(new($"SELECT {ObjectRows.Columns} FROM objects o WHERE o.bucket_id = $1 AND o.key = $2 AND o.is_latest")
        {
            Parameters = { new() { Value = bucket.Value }, new() { Value = key } },
        });

        string? versioning = null;
        ObjectVersion? latest;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                versioning = reader.GetString(0);
            }

            await reader.NextResultAsync(cancellationToken);
            latest = await reader.ReadAsync(cancellationToken) ? ObjectRows.Read(reader) : null;
        }

        if (versioning is null)
        {
            return new(ObjectWriteOutcome.NoSuchBucket, Marker: null);
        }

        if (!conditions.Allow(latest))
        {
            return new(ObjectWriteOutcome.PreconditionFailed, Marker: null);
        }

        VersionId? marker = null;
        await using var change = new NpgsqlBatch(connection, transaction);

        // Where nothing is, a condition holds only because there is nothing to delete: a marker would then fail the same request sent again.
        if (versioning != "off" && (latest is not null || conditions.AreNone))
        {
            var version = new NewVersion(VersionId.New(time), key, new ObjectAttributes(ownerId, ""), 0, "") { IsDeleteMarker = true };
            marker = version.Id;
            change.BatchCommands.Add(Insert(bucket, version, ObjectConditions.None));
            change.BatchCommands.Add(Settle(bucket, key, version.Id));
            change.BatchCommands.Add(new($"SELECT {ObjectRows.Columns} FROM objects o WHERE o.version_id = $1")
            {
                Parameters = { new() { Value = version.Id.Value } },
            });
        }
        else if (latest is not null)
        {
            change.BatchCommands.Add(RemoveVersion(bucket, key, latest.Id));
        }
        else
        {
            return new(ObjectWriteOutcome.Written, Marker: null);
        }

        var made = await ReadVersionAsync(change, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(ObjectWriteOutcome.Written, made, marker is null ? latest : null);
    }

    /// <summary>Deletes one version for good; the newest that is left becomes the latest.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">The version; <see langword="null"/> for the one called "null".</param>
    /// <param name="conditions">What must be true of the version.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was removed, if there was such a version.</returns>
    public async Task<ObjectDeletion> DeleteVersionAsync(
        BucketId bucket, string key, VersionId? version, DeletionConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conditions);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Lock(bucket, key));

        // The row's lock too: the version's own lock changes without the key's.
        batch.BatchCommands.Add(new(
            $"""
            SELECT {ObjectRows.Columns}, is_held(o.lock_mode, o.retain_until, o.legal_hold, $4) FROM objects o
            WHERE o.bucket_id = $1 AND o.key = $2 AND CASE WHEN $3 IS NULL THEN o.is_null ELSE o.version_id = $3 AND NOT o.is_null END
            FOR UPDATE OF o
            """)
        {
            Parameters =
            {
                new() { Value = bucket.Value }, new() { Value = key },
                new() { Value = (object?)version?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = conditions.BypassesGovernance },
            },
        });

        ObjectVersion? found = null;
        var isHeld = false;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                found = ObjectRows.Read(reader);
                isHeld = reader.GetBoolean(ObjectRows.Count);
            }
        }

        if (!conditions.Allow(found))
        {
            return new(ObjectWriteOutcome.PreconditionFailed, Marker: null);
        }

        if (found is null)
        {
            return new(ObjectWriteOutcome.Written, Marker: null);
        }

        if (isHeld)
        {
            return new(ObjectWriteOutcome.Locked, Marker: null);
        }

        await using var change = new NpgsqlBatch(connection, transaction);
        change.BatchCommands.Add(RemoveVersion(bucket, key, found.Id));
        await change.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(ObjectWriteOutcome.Written, Marker: null, found);
    }

    /// <summary>Runs a batch in which one statement at most selects a version; the functions that others call give one column.</summary>
    private static async Task<ObjectVersion?> ReadVersionAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        ObjectVersion? version = null;
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            if (reader.FieldCount == ObjectRows.Count && await reader.ReadAsync(cancellationToken))
            {
                version = ObjectRows.Read(reader);
            }
        }
        while (await reader.NextResultAsync(cancellationToken));
        return version;
    }

    private static NpgsqlBatchCommand RemoveVersion(BucketId bucket, string key, VersionId version) =>
        new("SELECT remove_version($1, $2, $3)")
        {
            Parameters = { new() { Value = bucket.Value }, new() { Value = key }, new() { Value = version.Value } },
        };
}
