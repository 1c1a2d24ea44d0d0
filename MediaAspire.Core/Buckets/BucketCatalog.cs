using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Buckets;

/// <summary>The buckets that PostgreSQL knows.</summary>
/// <remarks>Every method is one round trip and one transaction.</remarks>
public sealed class BucketCatalog(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns =
        "bucket_id, name, owner_id, region, created_at, versioning, acl, ownership, public_access_block, policy, cors, tags, lifecycle, object_lock, "
        + "xmin";

    private const int FirstDocument = 6;

    // In the order of Columns.
    private static readonly BucketDocument[] s_documents =
    [
        BucketDocument.Acl, BucketDocument.Ownership, BucketDocument.PublicAccessBlock, BucketDocument.Policy, BucketDocument.Cors,
        BucketDocument.Tags, BucketDocument.Lifecycle, BucketDocument.ObjectLock,
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

    /// <summary>Makes a bucket.</summary>
    /// <param name="name">Its name; checked by the caller.</param>
    /// <param name="ownerId">Whose it is to be.</param>
    /// <param name="region">The region asked for.</param>
    /// <param name="documents">Documents that it has from the start; with <see cref="BucketDocument.ObjectLock"/> it keeps versions, too.</param>
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
            INSERT INTO buckets (bucket_id, name, owner_id, region, acl, ownership, object_lock, versioning)
            VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7 IS NULL THEN 'off' ELSE 'enabled' END) ON CONFLICT (name) DO NOTHING RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = BucketId.New(time).Value });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = ownerId });
        command.Parameters.Add(new() { Value = region });
        command.Parameters.Add(new() { Value = (object?)documents.GetValueOrDefault(BucketDocument.Acl) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json });
        command.Parameters.Add(new() { Value = (object?)documents.GetValueOrDefault(BucketDocument.Ownership) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)documents.GetValueOrDefault(BucketDocument.ObjectLock) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Deletes a bucket that has no versions; uploads under way are given up with it.</summary>
    public async Task<BucketDeletion> DeleteAsync(BucketId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);

        // Whoever puts an object holds a share of this row; a put that comes later finds no bucket.
        batch.BatchCommands.Add(new("SELECT 1 FROM buckets WHERE bucket_id = $1 FOR UPDATE") { Parameters = { new() { Value = id.Value } } });
        batch.BatchCommands.Add(new(
            """
            SELECT release_files(array_agg(p.file_id)) FROM multipart_parts p JOIN multipart_uploads u USING (upload_id)
            WHERE u.bucket_id = $1 AND u.completed_at IS NULL AND NOT EXISTS (SELECT FROM objects WHERE bucket_id = $1)
            """)
        {
            Parameters = { new() { Value = id.Value } },
        });
        batch.BatchCommands.Add(new("DELETE FROM multipart_uploads WHERE bucket_id = $1 AND NOT EXISTS (SELECT FROM objects WHERE bucket_id = $1)")
        {
            Parameters = { new() { Value = id.Value } },
        });
        batch.BatchCommands.Add(new("DELETE FROM buckets WHERE bucket_id = $1 AND NOT EXISTS (SELECT FROM objects WHERE bucket_id = $1)")
        {
            Parameters = { new() { Value = id.Value } },
        });

        bool existed;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            existed = await reader.ReadAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return !existed ? BucketDeletion.NotFound
            : batch.BatchCommands[^1].RecordsAffected == 1 ? BucketDeletion.Deleted
            : BucketDeletion.NotEmpty;
    }

    /// <summary>Turns versioning on, or suspends it.</summary>
    /// <returns>Whether that was done: not where versions can be locked, which then have to be kept, nor where there is no such bucket.</returns>
    public async Task<bool> SetVersioningAsync(BucketId id, BucketVersioning versioning, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE buckets SET versioning = $2 WHERE bucket_id = $1 AND (object_lock IS NULL OR $2 = 'enabled')");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = Name(versioning) });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Lets a bucket's versions be locked, and sets for how long new ones are by default.</summary>
    /// <returns>Whether that was done: only where versions are kept.</returns>
    public async Task<bool> SetObjectLockAsync(BucketId id, ObjectLockConfiguration configuration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);

        await using var command = database.CreateCommand("UPDATE buckets SET object_lock = $2 WHERE bucket_id = $1 AND versioning = 'enabled'");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = configuration.ToJson(), NpgsqlDbType = NpgsqlDbType.Json });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Sets a document, or takes it away with <see langword="null"/>; not that of object lock.</summary>
    public async Task SetDocumentAsync(BucketId id, BucketDocument document, string? content, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"UPDATE buckets SET {Column(document)} = $2 WHERE bucket_id = $1");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new()
        {
            Value = (object?)content ?? DBNull.Value,
            NpgsqlDbType = document == BucketDocument.Ownership ? NpgsqlDbType.Text : NpgsqlDbType.Json,
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Column(BucketDocument document) => document switch
    {
        BucketDocument.Acl => "acl",
        BucketDocument.Ownership => "ownership",
        BucketDocument.PublicAccessBlock => "public_access_block",
        BucketDocument.Policy => "policy",
        BucketDocument.Cors => "cors",
        BucketDocument.Tags => "tags",
        BucketDocument.Lifecycle => "lifecycle",
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
            new(reader.GetGuid(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), versioning)
        {
            Documents = documents,
            RowVersion = reader.GetFieldValue<uint>(FirstDocument + s_documents.Length),
        };
    }
}
