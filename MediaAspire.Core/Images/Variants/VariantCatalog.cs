using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;
using Npgsql;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The variants in PostgreSQL. Every method is one round trip. Thread-safe.</summary>
public sealed class VariantCatalog(NpgsqlDataSource database)
{
    private const string Columns =
        $"v.variant_id, v.created_at, now() - v.accessed_at, {BlobRows.Columns}, w.failure_code, w.failure_message";

    private const int ColumnCount = 3 + BlobRows.Count + 2;

    private const string OfImage =
        """
        LEFT JOIN image_variants v ON v.image_id = i.image_id AND v.variant = $2
        LEFT JOIN image_blobs b ON b.blob_id = v.blob_id
        LEFT JOIN image_variant_work w ON w.source = i.image_id::text AND w.variant = $2
            AND w.failure_code IS NOT NULL AND w.expires_at > now()
        """;

    private const string OfObject =
        """
        LEFT JOIN image_variants v ON v.object_key = o.object_key AND v.variant = $2
        LEFT JOIN image_blobs b ON b.blob_id = v.blob_id
        LEFT JOIN image_variant_work w ON w.source = o.object_key AND w.variant = $2
            AND w.failure_code IS NOT NULL AND w.expires_at > now()
        """;

    private const string FileOfImage =
        "SELECT b.file_id FROM image_variants v JOIN image_blobs b USING (blob_id) WHERE v.image_id = $1 AND v.variant = $2";

    private const string FileOfObject =
        "SELECT b.file_id FROM image_variants v JOIN image_blobs b USING (blob_id) WHERE v.object_key = $1 AND v.variant = $2";

    /// <summary>Finds an image by an alias, and a variant of it with the place of its bytes.</summary>
    /// <returns><see langword="null"/> when the alias does not exist.</returns>
    public async Task<AliasedVariant?> FindAsync(ImageAlias alias, string variant, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            $"""
            SELECT {Columns}, a.owner, now() - a.accessed_at, i.image_id, i.details
            FROM image_aliases a JOIN images i USING (image_id) {OfImage} WHERE a.alias = $1
            """)
        {
            Parameters = { new() { Value = alias.Value }, new() { Value = variant } },
        });
        batch.BatchCommands.Add(BlobRows.SelectChunks(
            """
            SELECT b.file_id FROM image_aliases a JOIN image_variants v ON v.image_id = a.image_id AND v.variant = $2
            JOIN image_blobs b USING (blob_id) WHERE a.alias = $1
            """,
            new NpgsqlParameter { Value = alias.Value },
            new NpgsqlParameter { Value = variant }));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        OwnerId? owner = reader.IsDBNull(ColumnCount) ? null : new OwnerId(reader.GetString(ColumnCount));
        TimeSpan? unreadFor = reader.IsDBNull(ColumnCount + 1) ? null : reader.GetFieldValue<TimeSpan>(ColumnCount + 1);
        var image = VariantOwner.Of(new ImageId(reader.GetGuid(ColumnCount + 2)));
        var details = ImageDetailsFormat.Read(reader.GetString(ColumnCount + 3));
        return new(owner, unreadFor, details, await ReadAsync(reader, image, cancellationToken));
    }

    /// <summary>Finds a variant of a source with the place of its bytes.</summary>
    /// <returns><see langword="null"/> when the source does not exist.</returns>
    public async Task<FoundVariant?> FindAsync(VariantOwner owner, string variant, CancellationToken cancellationToken)
    {
        object source = owner.Image is { } image ? image.Value : owner.ObjectKey!;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(owner.Image is null
            ? $"SELECT {Columns} FROM media_objects o {OfObject} WHERE o.object_key = $1"
            : $"SELECT {Columns} FROM images i {OfImage} WHERE i.image_id = $1")
        {
            Parameters = { new() { Value = source }, new() { Value = variant } },
        });
        batch.BatchCommands.Add(BlobRows.SelectChunks(
            owner.Image is null ? FileOfObject : FileOfImage,
            new NpgsqlParameter { Value = source },
            new NpgsqlParameter { Value = variant }));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? await ReadAsync(reader, owner, cancellationToken) : null;
    }

    private static async Task<FoundVariant> ReadAsync(NpgsqlDataReader reader, VariantOwner owner, CancellationToken cancellationToken)
    {
        const int failure = 3 + BlobRows.Count;

        var reason = reader.IsDBNull(failure) ? null : new ImageFailure(reader.GetString(failure), reader.GetString(failure + 1));
        if (reader.IsDBNull(0))
        {
            return new(owner, null, reason);
        }

        var variant = new StoredVariant(
            reader.GetGuid(0),
            BlobRows.Read(reader, 3),
            reader.GetFieldValue<DateTimeOffset>(1),
            reader.GetFieldValue<TimeSpan>(2));
        return new(owner, variant with { Blob = await BlobRows.ReadChunksAsync(reader, variant.Blob, cancellationToken) }, null);
    }
}
