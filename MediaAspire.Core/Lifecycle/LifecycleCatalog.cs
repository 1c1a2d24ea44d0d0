using System.Text.Json;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Lifecycle;

/// <summary>Reads and expires the versions and uploads that the rules of buckets apply to.</summary>
public sealed partial class LifecycleCatalog(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Lists buckets that have rules, in the order of their ids.</summary>
    /// <param name="after">The bucket after which the list begins; <see langword="null"/> for all.</param>
    /// <param name="limit">The most buckets wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<BucketRules>> ListBucketsAsync(BucketId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT bucket_id, name, owner_id, lifecycle FROM buckets
            WHERE lifecycle IS NOT NULL AND bucket_id > $1 ORDER BY bucket_id LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var buckets = new List<BucketRules>();
        while (await reader.ReadAsync(cancellationToken))
        {
            buckets.Add(new(new(reader.GetGuid(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return buckets;
    }

    /// <summary>Reads the next versions of a range of keys: by key, each key's from the newest to the oldest.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="range">The keys.</param>
    /// <param name="after">The version after which the page begins; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most versions wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// The versions, without the values that depend on their neighbours, and the database's time; without versions, no time.
    /// </returns>
    public async Task<(IReadOnlyList<VersionRecord> Versions, DateTimeOffset? Now)> ReadVersionsAsync(
        BucketId bucket, KeyRange range, VersionRecord? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);

        // Two ranges of one index; the second is read only when the first has too few rows.
        await using var command = database.CreateCommand(
            $"""
            SELECT *, now() FROM (
                (SELECT version_id, key, position, is_latest, is_delete_marker, modified_at, size, tags,
                    is_held(lock_mode, retain_until, legal_hold, false) FROM objects
                 WHERE bucket_id = $1 AND key = $3 AND position < $4 ORDER BY position DESC LIMIT $5)
                UNION ALL
                (SELECT version_id, key, position, is_latest, is_delete_marker, modified_at, size, tags,
                    is_held(lock_mode, retain_until, legal_hold, false) FROM objects
                 WHERE bucket_id = $1 AND key >= $2 AND key > $3 {BeforeEnd(range)} ORDER BY key, position DESC LIMIT $5)
                LIMIT $5) AS page
            ORDER BY key, position DESC
            """);
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = range.Prefix });
        command.Parameters.Add(new() { Value = after?.Key ?? "" });
        command.Parameters.Add(new() { Value = after?.Position ?? 0 });
        command.Parameters.Add(new() { Value = limit });
        AddEnd(command, range);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<VersionRecord>();
        DateTimeOffset? now = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(Read(reader));
            now = reader.GetFieldValue<DateTimeOffset>(9);
        }

        return (versions, now);
    }

    /// <summary>Reads the next uploads under way of a range of keys: by key, then by id.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="range">The keys.</param>
    /// <param name="after">The upload after which the page begins; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most uploads wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The uploads and the database's time; without uploads, no time.</returns>
    public async Task<(IReadOnlyList<UploadRecord> Uploads, DateTimeOffset? Now)> ReadUploadsAsync(
        BucketId bucket, KeyRange range, UploadRecord? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);

        await using var command = database.CreateCommand(
            $"""
            SELECT upload_id, key, initiated_at, now() FROM multipart_uploads
            WHERE bucket_id = $1 AND (key, upload_id) > ($3, $4) AND key >= $2 {BeforeEnd(range)} AND completed_at IS NULL
            ORDER BY key, upload_id LIMIT $5
            """);
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = range.Prefix });
        command.Parameters.Add(new() { Value = after?.Key ?? "" });
        command.Parameters.Add(new() { Value = after?.Id.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        AddEnd(command, range);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var uploads = new List<UploadRecord>();
        DateTimeOffset? now = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            uploads.Add(new(new(reader.GetGuid(0)), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)));
            now = reader.GetFieldValue<DateTimeOffset>(3);
        }

        return (uploads, now);
    }

    // A bound that may be null bounds nothing in a prepared plan: the last page would read on to the bucket's last key.
    private static string BeforeEnd(KeyRange range) => range.End is null ? "" : "AND key < $6";

    private static void AddEnd(NpgsqlCommand command, KeyRange range)
    {
        if (range.End is { } end)
        {
            command.Parameters.Add(new() { Value = end });
        }
    }

    private static VersionRecord Read(NpgsqlDataReader reader) =>
        new(
            new(reader.GetGuid(0)),
            reader.GetString(1),
            reader.GetInt64(2),
            reader.GetBoolean(3),
            reader.GetBoolean(4),
            reader.GetFieldValue<DateTimeOffset>(5),
            reader.GetInt64(6),
            reader.IsDBNull(7)
                ? System.Collections.Frozen.FrozenDictionary<string, string>.Empty
                : JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(7))!)
        {
            IsHeld = reader.GetBoolean(8),
        };
}

/// <summary>A bucket and its rules.</summary>
/// <param name="Id">The bucket.</param>
/// <param name="Name">Its name.</param>
/// <param name="OwnerId">The bucket's owner, who also owns the delete markers that rules create.</param>
/// <param name="Document">The rules as they are stored.</param>
public sealed record BucketRules(BucketId Id, string Name, string OwnerId, string Document);

/// <summary>An upload in parts that is under way.</summary>
/// <param name="Id">The upload.</param>
/// <param name="Key">The key that it will have.</param>
/// <param name="InitiatedAt">The time of its beginning.</param>
public sealed record UploadRecord(UploadId Id, string Key, DateTimeOffset InitiatedAt);
