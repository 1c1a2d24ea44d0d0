using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using NpgsqlTypes;

namespace MediaAspire.Tests.Harness;

/// <summary>Rows of objects for listings, without bytes.</summary>
internal static class ListingRows
{
    private static readonly Dictionary<BucketDocument, string> s_noDocuments = [];

    public static async Task<Bucket> CreateBucketAsync(PostgresFixture postgres, BucketVersioning versioning = BucketVersioning.Off)
    {
        var buckets = new BucketCatalog(postgres.Database, TimeProvider.System);
        var bucket = await buckets.TryCreateAsync(
            $"listing-{BucketId.New(TimeProvider.System)}", "alice", "us-east-1", s_noDocuments, CancellationToken.None);
        Assert.NotNull(bucket);
        await buckets.SetVersioningAsync(bucket.Id, versioning, CancellationToken.None);
        return bucket with { Versioning = versioning };
    }

    /// <summary>Adds one object for each key.</summary>
    public static async Task AddAsync(PostgresFixture postgres, BucketId bucket, IEnumerable<string> keys)
    {
        await using var command = postgres.Database.CreateCommand(
            """
            INSERT INTO objects (version_id, bucket_id, key, is_latest, is_null, owner_id, size, etag)
            SELECT gen_random_uuid(), $1, key, true, true, 'alice', length(key), md5(key) FROM unnest($2) AS key
            """);
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = keys.ToArray() });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Adds the latest version of a key.</summary>
    public static async Task<VersionId> AddVersionAsync(
        PostgresFixture postgres, BucketId bucket, string key, bool isNull = false, bool isMarker = false)
    {
        var id = VersionId.New(TimeProvider.System);
        await using (var older = postgres.Database.CreateCommand(
            "UPDATE objects SET is_latest = false WHERE bucket_id = $1 AND key = $2 AND is_latest"))
        {
            older.Parameters.Add(new() { Value = bucket.Value });
            older.Parameters.Add(new() { Value = key });
            await older.ExecuteNonQueryAsync();
        }

        await using var command = postgres.Database.CreateCommand(
            """
            INSERT INTO objects (version_id, bucket_id, key, is_latest, is_null, is_delete_marker, owner_id, size, etag)
            VALUES ($1, $2, $3, true, $4, $5, 'alice', 1, md5($3))
            """);
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = key, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = isNull });
        command.Parameters.Add(new() { Value = isMarker });
        await command.ExecuteNonQueryAsync();
        return id;
    }

    public static Task ClearAsync(PostgresFixture postgres) => postgres.ClearAsync("buckets");
}
