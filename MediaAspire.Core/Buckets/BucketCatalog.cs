using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Buckets;

/// <summary>The buckets in PostgreSQL.</summary>
/// <remarks>Every method is one round trip and one transaction.</remarks>
public sealed class BucketCatalog(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns =
        "bucket_id, name, owner_id, region, created_at, versioning, "
        + "acl, ownership, public_access_block, policy, cors, tags, lifecycle, notifications, object_lock, xmin, is_limited";

    private const int FirstDocument = 6;

    // In the order of Columns.
    private static readonly BucketDocument[] s_documents =
    [
        BucketDocument.Acl, BucketDocument.Ownership, BucketDocument.PublicAccessBlock, BucketDocument.Policy, BucketDocument.Cors,
        BucketDocument.Tags, BucketDocument.Lifecycle, BucketDocument.Notifications, BucketDocument.ObjectLock,
    ];

    /// <summary>Finds a bucket by its name.</summary>
    public async Task<Bucket?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM buckets WHERE name = $1");
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Lists an owner's buckets in the order of their names.</summary>
    public async Task<IReadOnlyList<Bucket>> ListAsync(string ownerId, BucketListing listing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listing);

        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM buckets
            WHERE owner_id = $1 AND name > $2 AND starts_with(name, $3) AND ($4 IS NULL OR region = $4)
            ORDER BY name LIMIT $5
            """);
        command.Parameters.Add(new() { Value = ownerId });
        command.Parameters.Add(new() { Value = listing.After });
        command.Parameters.Add(new() { Value = listing.Prefix });
        command.Parameters.Add(NullableParameter.Text(listing.Region));
        command.Parameters.Add(new() { Value = listing.Most });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var buckets = new List<Bucket>();
        while (await reader.ReadAsync(cancellationToken))
        {
            buckets.Add(Read(reader));
        }

        return buckets;
    }

    /// <summary>Lists the buckets of all owners in the order of their names.</summary>
    /// <param name="after">The name to continue after; empty for the beginning.</param>
    /// <param name="most">The maximum number of buckets, from 1.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<Bucket>> ListAsync(string after, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM buckets WHERE name > $1 ORDER BY name LIMIT $2");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = most });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var buckets = new List<Bucket>();
        while (await reader.ReadAsync(cancellationToken))
        {
            buckets.Add(Read(reader));
        }

        return buckets;
    }

    /// <summary>Creates a bucket.</summary>
    /// <param name="name">Its name; checked by the caller.</param>
    /// <param name="ownerId">The bucket's owner.</param>
    /// <param name="region">The region asked for.</param>
    /// <param name="documents">Its first documents; with <see cref="BucketDocument.ObjectLock"/>, versioning is enabled, too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The bucket, or <see langword="null"/> when the name is taken.</returns>
    public async Task<Bucket?> TryCreateAsync(
        string name,
        string ownerId,
        string region,
        IReadOnlyDictionary<BucketDocument, string> documents,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);

        await using var command = database.CreateCommand(
            $"""
            INSERT INTO buckets (bucket_id, name, owner_id, region, acl, ownership, object_lock, versioning, is_limited)
            VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7 IS NULL THEN 'off' ELSE 'enabled' END,
                coalesce(is_limited_owner($3), false))
            ON CONFLICT (name) DO NOTHING RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = BucketId.New(time).Value });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = ownerId });
        command.Parameters.Add(new() { Value = region });
        command.Parameters.Add(Content(BucketDocument.Acl, documents.GetValueOrDefault(BucketDocument.Acl)));
        command.Parameters.Add(Content(BucketDocument.Ownership, documents.GetValueOrDefault(BucketDocument.Ownership)));
        command.Parameters.Add(Content(BucketDocument.ObjectLock, documents.GetValueOrDefault(BucketDocument.ObjectLock)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Deletes a bucket that has no versions; uploads under way are aborted with it.</summary>
    public async Task<BucketDeletion> DeleteAsync(BucketId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT delete_bucket($1)");
        command.Parameters.Add(new() { Value = id.Value });
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            "deleted" => BucketDeletion.Deleted,
            "not-empty" => BucketDeletion.NotEmpty,
            "not-found" => BucketDeletion.NotFound,
            var other => throw new System.Diagnostics.UnreachableException($"delete_bucket() returned '{other}'."),
        };
    }

    /// <summary>Turns versioning on, or suspends it.</summary>
    /// <returns>
    /// <see langword="true"/> when it was set; <see langword="false"/> when the bucket does not exist, or when versions can be locked and
    /// so have to be kept.
    /// </returns>
    public async Task<bool> SetVersioningAsync(BucketId id, BucketVersioning versioning, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE buckets SET versioning = $2 WHERE bucket_id = $1 AND (object_lock IS NULL OR $2 = 'enabled')");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = Name(versioning) });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Enables object lock for a bucket, and sets the default retention of new versions.</summary>
    /// <returns><see langword="true"/> when it was set; only a bucket with versioning enabled can have it.</returns>
    public async Task<bool> SetObjectLockAsync(BucketId id, ObjectLockConfiguration configuration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);

        await using var command = database.CreateCommand(
            "UPDATE buckets SET object_lock = $2 WHERE bucket_id = $1 AND versioning = 'enabled'");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = configuration.ToJson(), NpgsqlDbType = NpgsqlDbType.Json });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Sets a document, or removes it with <see langword="null"/>; not that of object lock.</summary>
    public async Task SetDocumentAsync(BucketId id, BucketDocument document, string? content, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"UPDATE buckets SET {Column(document)} = $2 WHERE bucket_id = $1");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(Content(document, content));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Content(BucketDocument document, string? content) => new()
    {
        Value = (object?)content ?? DBNull.Value,
        NpgsqlDbType = document == BucketDocument.Ownership ? NpgsqlDbType.Text : NpgsqlDbType.Json,
    };

    private static string Column(BucketDocument document) => document switch
    {
        BucketDocument.Acl => "acl",
        BucketDocument.Ownership => "ownership",
        BucketDocument.PublicAccessBlock => "public_access_block",
        BucketDocument.Policy => "policy",
        BucketDocument.Cors => "cors",
        BucketDocument.Tags => "tags",
        BucketDocument.Lifecycle => "lifecycle",
        BucketDocument.Notifications => "notifications",
        _ => throw new ArgumentOutOfRangeException(nameof(document), document, message: null),
    };

    private static string Name(BucketVersioning versioning) => versioning switch
    {
        BucketVersioning.Off => "off",
        BucketVersioning.Enabled => "enabled",
        BucketVersioning.Suspended => "suspended",
        _ => throw new ArgumentOutOfRangeException(nameof(versioning), versioning, message: null),
    };

    private static Bucket Read(NpgsqlDataReader reader)
    {
        var documents = new Dictionary<BucketDocument, string>();
        for (var i = 0; i < s_documents.Length; i++)
        {
            if (!reader.IsDBNull(FirstDocument + i))
            {
                documents.Add(s_documents[i], reader.GetString(FirstDocument + i));
            }
        }

        var versioning = reader.GetString(5) switch
        {
            "off" => BucketVersioning.Off,
            "enabled" => BucketVersioning.Enabled,
            _ => BucketVersioning.Suspended,
        };
        return new(
            new(reader.GetGuid(0)),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetFieldValue<DateTimeOffset>(4),
            versioning)
        {
            Documents = documents,
            RowVersion = reader.GetFieldValue<uint>(FirstDocument + s_documents.Length),
            IsLimited = reader.GetBoolean(FirstDocument + s_documents.Length + 1),
        };
    }
}
