using MediaAspire.Core.Buckets;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Objects;

/// <summary>
/// The locks of existing versions. The database decides what a lock forbids, by its own clock and under the version's row lock.
/// </summary>
public sealed class ObjectLocks(NpgsqlDataSource database)
{
    /// <summary>Replaces the retention of a version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="retention">The retention; <see langword="null"/> to remove it.</param>
    /// <param name="bypassesGovernance">A value indicating whether retention in governance mode may be shortened.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<RetentionOutcome> SetRetentionAsync(
        VersionId version, Retention? retention, bool bypassesGovernance, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT set_retention($1, $2, $3, $4)");
        command.Parameters.Add(new() { Value = version.Value });
        command.Parameters.Add(NullableParameter.Text(retention?.Mode.Name));
        command.Parameters.Add(NullableParameter.Time(retention?.Until));
        command.Parameters.Add(new() { Value = bypassesGovernance });
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            "set" => RetentionOutcome.Set,
            "missing" => RetentionOutcome.NotFound,
            "past" => RetentionOutcome.Past,
            "held" => RetentionOutcome.Held,
            var other => throw new System.Diagnostics.UnreachableException($"set_retention() returned '{other}'."),
        };
    }

    /// <summary>Sets a legal hold on a version, or lifts it.</summary>
    /// <returns><see langword="true"/> when the version exists and is not a delete marker.</returns>
    public async Task<bool> SetLegalHoldAsync(VersionId version, bool isOn, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE objects SET legal_hold = $2 WHERE version_id = $1 AND NOT is_delete_marker");
        command.Parameters.Add(new() { Value = version.Value });
        command.Parameters.Add(new() { Value = isOn });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Tells whether a time is in the future, by the database's clock.</summary>
    public async Task<bool> IsAheadAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT $1 > now()");
        command.Parameters.Add(NullableParameter.Time(time));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Lists the versions of a bucket that can't be deleted now, in the order of their ids.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="after">The version after which the list begins; <see langword="null"/> for all.</param>
    /// <param name="limit">The most versions wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<LockedVersion>> ListAsync(
        BucketId bucket, VersionId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT version_id, key, is_null, is_latest, size, lock_mode, retain_until, legal_hold FROM objects
            WHERE bucket_id = $1 AND version_id > $2 AND (lock_mode IS NOT NULL OR legal_hold)
              AND is_held(lock_mode, retain_until, legal_hold, false)
            ORDER BY version_id LIMIT $3
            """);
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<LockedVersion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(new(
                new(reader.GetGuid(0)),
                reader.GetString(1),
                reader.GetBoolean(2),
                reader.GetBoolean(3),
                reader.GetInt64(4),
                ObjectRows.ReadLock(reader, 5)!));
        }

        return versions;
    }
}

/// <summary>The outcome of setting a retention.</summary>
public enum RetentionOutcome
{
    Set,

    /// <summary>The version does not exist any more.</summary>
    NotFound,

    /// <summary>The time is not in the future.</summary>
    Past,

    /// <summary>The existing retention forbids the change.</summary>
    Held,
}

/// <summary>A version whose lock forbids to delete it now.</summary>
/// <param name="Id">The version.</param>
/// <param name="Key">Its key.</param>
/// <param name="IsNull">A value indicating whether it is the version called "null".</param>
/// <param name="IsLatest">A value indicating whether it is the newest of its key.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Lock">The lock.</param>
public sealed record LockedVersion(VersionId Id, string Key, bool IsNull, bool IsLatest, long Size, ObjectLock Lock);
