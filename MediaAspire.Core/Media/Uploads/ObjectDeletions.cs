using MediaAspire.Core.Cluster;
using Npgsql;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The objects of the store that are scheduled for deletion. Thread-safe.</summary>
/// <remarks>
/// An address that still allows an upload may put an object back, so that the object is deleted again when the address has expired. Keys
/// are never used again.
/// </remarks>
public sealed class ObjectDeletions(NpgsqlDataSource database)
{
    private const int LongestError = 500;

    /// <summary>Lists deletions that are due, the oldest first; none while a restore of the database is open.</summary>
    public async Task<IReadOnlyList<ObjectDeletion>> ListDueAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT d.object_key, d.multipart_id FROM media_object_deletions d
            WHERE d.due_at <= now() AND {DatabaseRestores.NoneOpen}
              AND NOT EXISTS (SELECT FROM media_objects o WHERE o.object_key = d.object_key)
              AND NOT EXISTS (SELECT FROM image_blobs b WHERE b.object_key = d.object_key)
            ORDER BY d.due_at LIMIT $1
            """);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<ObjectDeletion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
        }

        return due;
    }

    /// <summary>Records that an object was deleted. It is due again when its last address has expired.</summary>
    /// <param name="key">The object.</param>
    /// <param name="margin">The time after the expiry, for clocks that differ.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RecordDeletedAsync(string key, TimeSpan margin, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH ended AS (
                DELETE FROM media_object_deletions
                WHERE object_key = $1 AND (upload_until IS NULL OR upload_until + $2 <= now()) RETURNING object_key)
            UPDATE media_object_deletions SET due_at = upload_until + $2, attempts = 0, error = NULL, multipart_id = NULL
            WHERE object_key = $1 AND NOT EXISTS (SELECT FROM ended)
            """);
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = margin });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records a failure. The next attempt is due after a pause that doubles, from 10 seconds to one hour.</summary>
    public async Task RecordFailureAsync(string key, string error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE media_object_deletions SET attempts = attempts + 1, error = $2,
                due_at = now() + least(interval '1 hour', interval '10 seconds' * power(2, least(attempts, 20)))
            WHERE object_key = $1
            """);
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = error.Length <= LongestError ? error : error[..LongestError] });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts the scheduled deletions, and those whose last attempt failed.</summary>
    public async Task<(long Scheduled, long Failing)> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT count(*), count(*) FILTER (WHERE error IS NOT NULL) FROM media_object_deletions");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Finds those keys that neither the catalog, an image nor a scheduled deletion has.</summary>
    internal async Task<HashSet<string>> FindUnknownAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT k FROM unnest($1) AS k (k)
            WHERE NOT EXISTS (SELECT FROM media_objects o WHERE o.object_key = k COLLATE "C")
              AND NOT EXISTS (SELECT FROM image_blobs b WHERE b.object_key = k COLLATE "C")
              AND NOT EXISTS (SELECT FROM image_blob_copies c WHERE c.object_key = k COLLATE "C")
              AND NOT EXISTS (SELECT FROM media_object_deletions d WHERE d.object_key = k COLLATE "C")
            """);
        command.Parameters.Add(new() { Value = keys.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            unknown.Add(reader.GetString(0));
        }

        return unknown;
    }

    /// <summary>Schedules the deletion of objects that nothing refers to.</summary>
    internal async Task ScheduleAsync(IReadOnlyCollection<ObjectDeletion> orphans, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH scheduled AS (
                INSERT INTO media_object_deletions (object_key, multipart_id)
                SELECT k, m FROM unnest($1, $2) AS o (k, m)
                WHERE {DatabaseRestores.NoneOpen}
                  AND NOT EXISTS (SELECT FROM media_objects o WHERE o.object_key = k COLLATE "C")
                  AND NOT EXISTS (SELECT FROM image_blobs b WHERE b.object_key = k COLLATE "C")
                  AND NOT EXISTS (SELECT FROM image_blob_copies c WHERE c.object_key = k COLLATE "C")
                ON CONFLICT (object_key) DO NOTHING RETURNING object_key)
            SELECT pg_notify('duty_wanted', 'media-deletions') FROM scheduled LIMIT 1
            """);
        command.Parameters.Add(new() { Value = orphans.Select(orphan => orphan.Key).ToArray() });
        command.Parameters.Add(new() { Value = orphans.Select(orphan => orphan.MultipartId).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>An object to delete.</summary>
/// <param name="Key">Its key.</param>
/// <param name="MultipartId">The store's id of an upload in parts to abort; <see langword="null"/> for none.</param>
public sealed record ObjectDeletion(string Key, string? MultipartId);
