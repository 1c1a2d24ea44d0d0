using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using Npgsql;

namespace MediaAspire.Core.Lifecycle;

/// <content>The expiration of versions.</content>
public sealed partial class LifecycleCatalog
{
    /// <summary>Expires versions that a walk found due, in one transaction. Each is judged again under its key's lock.</summary>
    /// <param name="bucket">The bucket; when its rules were changed since they were read, or a restore is open, nothing happens.</param>
    /// <param name="judge">The judge of these rules.</param>
    /// <param name="due">The versions; their keys stay locked until all are done.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The numbers of expired versions, by reason.</returns>
    public async Task<IReadOnlyDictionary<ExpiryKind, int>> ExpireAsync(
        BucketRules bucket, LifecycleJudge judge, IReadOnlyCollection<VersionRecord> due, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        ArgumentNullException.ThrowIfNull(judge);
        ArgumentNullException.ThrowIfNull(due);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (versioning, versions, now) = await LockAsync(connection, transaction, bucket, due, cancellationToken);
        var judged = versions.Select(version => (Version: version, Kind: judge.Judge(version, now)))
            .Where(pair => pair.Kind is not null)
            .ToList();
        if (versioning is null || judged.Count == 0)
        {
            return new Dictionary<ExpiryKind, int>();
        }

        // With versioning, a marker hides the current version, as if its owner had deleted it.
        var hidden = judged.Where(pair => pair.Kind == ExpiryKind.Current && versioning != "off").Select(pair => pair.Version).ToList();
        var removed = judged.Select(pair => pair.Version.Id).Except(hidden.Select(version => version.Id));
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(VersionStatements.Expire(removed));
        foreach (var version in hidden)
        {
            batch.BatchCommands.Add(VersionStatements.ExpireByMarker(bucket.Id, version.Key, VersionId.New(time), bucket.OwnerId));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return judged.CountBy(pair => pair.Kind!.Value).ToDictionary();
    }

    private static async Task<(string? Versioning, List<VersionRecord> Versions, DateTimeOffset Now)> LockAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        BucketRules bucket,
        IReadOnlyCollection<VersionRecord> due,
        CancellationToken cancellationToken)
    {
        var versionIds = due.Select(version => version.Id.Value).ToArray();
        await using var batch = new NpgsqlBatch(connection, transaction);

        // In one order, so that two such transactions never wait for each other.
        batch.BatchCommands.Add(new("SELECT lock_object($1, key) FROM unnest($2) AS key")
        {
            Parameters =
            {
                new() { Value = bucket.Id.Value },
                new() { Value = due.Select(version => version.Key).Distinct().Order(StringComparer.Ordinal).ToArray() },
            },
        });
        batch.BatchCommands.Add(new($"""
            SELECT versioning, now() FROM buckets
            WHERE bucket_id = $1 AND lifecycle::text = $2 AND {DatabaseRestores.NoneOpen} FOR KEY SHARE
            """)
        {
            Parameters = { new() { Value = bucket.Id.Value }, new() { Value = bucket.Document } },
        });

        // The rows too: tags and locks change without the key's lock.
        batch.BatchCommands.Add(new(
            """
            SELECT o.version_id, o.key, o.position, o.is_latest, o.is_delete_marker, o.modified_at, o.size, o.tags,
                is_held(o.lock_mode, o.retain_until, o.legal_hold, false),
                (SELECT s.modified_at FROM objects s WHERE s.bucket_id = $1 AND s.key = o.key AND s.position > o.position
                 ORDER BY s.position LIMIT 1),
                (SELECT count(*) FROM (
                    SELECT FROM objects n WHERE n.bucket_id = $1 AND n.key = o.key AND n.position > o.position
                    AND NOT n.is_latest AND NOT n.is_delete_marker LIMIT 100) AS newer),
                NOT EXISTS (SELECT FROM objects other WHERE other.bucket_id = $1 AND other.key = o.key AND other.version_id <> o.version_id)
            FROM objects o WHERE o.bucket_id = $1 AND o.version_id = ANY ($2) ORDER BY o.version_id FOR UPDATE OF o
            """)
        {
            Parameters = { new() { Value = bucket.Id.Value }, new() { Value = versionIds } },
        });

        // Before the quotas, which every version is freed from, as every writer locks them.
        batch.BatchCommands.Add(new(
            """
            SELECT FROM files f WHERE f.file_id IN (
                SELECT o.file_id FROM objects o WHERE o.version_id = ANY ($1)
                UNION ALL SELECT p.file_id FROM object_parts p WHERE p.version_id = ANY ($1))
            ORDER BY f.file_id FOR NO KEY UPDATE
            """)
        {
            Parameters = { new() { Value = versionIds } },
        });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        string? versioning = null;
        var now = DateTimeOffset.MinValue;
        if (await reader.ReadAsync(cancellationToken))
        {
            versioning = reader.GetString(0);
            now = reader.GetFieldValue<DateTimeOffset>(1);
        }

        await reader.NextResultAsync(cancellationToken);
        var versions = new List<VersionRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(Read(reader) with
            {
                SucceededAt = reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9),
                NewerNoncurrent = (int)reader.GetInt64(10),
                IsAlone = reader.GetBoolean(11),
            });
        }

        return (versioning, versions, now);
    }
}
