using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Rows of buckets with object lock and of their versions, without bytes.</summary>
internal static class LockedRows
{
    public static async Task<Bucket> CreateBucketAsync(PostgresFixture postgres, DefaultRetention? retention = null)
    {
        var bucket = await new BucketCatalog(postgres.Database, TimeProvider.System).TryCreateAsync(
            $"locked-{BucketId.New(TimeProvider.System)}",
            "alice",
            "us-east-1",
            new Dictionary<BucketDocument, string> { [BucketDocument.ObjectLock] = new ObjectLockConfiguration(retention).ToJson() },
            CancellationToken.None);
        Assert.Equal(BucketVersioning.Enabled, bucket!.Versioning);
        return bucket;
    }

    /// <summary>Writes a version as the API does.</summary>
    public static async Task<VersionId> PutAsync(
        PostgresFixture postgres, BucketId bucket, string key, ObjectLock? given = null, bool isMarker = false)
    {
        var version = new NewVersion(VersionId.New(TimeProvider.System), key, new ObjectAttributes("alice", "") { Lock = given }, 0, "");
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(isMarker
            ? VersionStatements.WriteMarker(bucket, key, version.Id, "alice")
            : VersionStatements.Write(bucket, version, ObjectConditions.None));
        Assert.Equal("written", await batch.ExecuteScalarAsync());
        return version.Id;
    }

    /// <summary>Replaces a version's locks. The time is a number of days from the database's now.</summary>
    public static async Task LockAsync(PostgresFixture postgres, VersionId version, RetentionMode? mode, double days = 1, bool? hold = null)
    {
        await using var command = postgres.Database.CreateCommand(
            """
            UPDATE objects SET lock_mode = $2, legal_hold = $4,
                retain_until = CASE WHEN $2 IS NOT NULL THEN date_trunc('milliseconds', now() + $3 * interval '1 day') END
            WHERE version_id = $1
            """);
        command.Parameters.Add(new() { Value = version.Value });
        command.Parameters.Add(new() { Value = (object?)mode?.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = days });
        command.Parameters.Add(new() { Value = (object?)hold ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Boolean });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    /// <summary>Gets the database's time a number of days from now, in whole milliseconds.</summary>
    public static async Task<DateTimeOffset> InDaysAsync(PostgresFixture postgres, double days) => new(
        await postgres.ScalarAsync<DateTime>("SELECT date_trunc('milliseconds', now() + $1 * interval '1 day')", days), TimeSpan.Zero);

    public static Task<long> CountAsync(PostgresFixture postgres, VersionId version) =>
        postgres.ScalarAsync<long>("SELECT count(*) FROM objects WHERE version_id = $1", version.Value);
}
