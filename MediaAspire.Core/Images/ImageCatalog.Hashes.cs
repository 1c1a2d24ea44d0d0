using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>Walking over all images, and deleting whole ones.</summary>
public sealed partial class ImageCatalog
{
    private const string HashOrder = "(i.sha256, i.size, i.format)";

    /// <summary>Lists images with their aliases in the order of their hashes, page by page.</summary>
    /// <param name="from">The hash at which the page begins; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most images of the page.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HashPage> ListHashesAsync(ImageHash? from, int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            $"""
            SELECT {ImageColumns}, ARRAY(SELECT a.alias FROM image_aliases a WHERE a.image_id = i.image_id ORDER BY a.created_at, a.alias)
            FROM images i JOIN image_blobs b ON b.blob_id = i.blob_id {(from is null ? "" : $"WHERE {HashOrder} >= ($2, $3, $4)")}
            ORDER BY i.sha256, i.size, i.format LIMIT $1 + 1
            """)
        {
            Parameters = { new() { Value = limit } },
        });
        AddPosition(batch.BatchCommands[0], from);
        if (from is not null)
        {
            var before = new NpgsqlBatchCommand(
                $"""
                SELECT p.sha256, p.size, p.format FROM (
                    SELECT i.sha256, i.size, i.format FROM images i WHERE {HashOrder} < ($2, $3, $4)
                    ORDER BY i.sha256 DESC, i.size DESC, i.format DESC LIMIT $1) AS p
                ORDER BY p.sha256, p.size, p.format LIMIT 1
                """)
            {
                Parameters = { new() { Value = limit } },
            };
            AddPosition(before, from);
            batch.BatchCommands.Add(before);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var images = new List<HashedImage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var aliases = reader.GetFieldValue<string[]>(ImageColumnCount);
            images.Add(new(ReadImage(reader), [.. aliases.Select(alias => new ImageAlias(alias))]));
        }

        ImageHash? previous = null;
        if (await reader.NextResultAsync(cancellationToken) && await reader.ReadAsync(cancellationToken))
        {
            previous = new(new(reader.GetFieldValue<byte[]>(0)), reader.GetInt64(1), reader.GetString(2));
        }

        var next = images.Count > limit ? images[limit].Image.Hash : null;
        return new([.. images.Take(limit)], next, previous);
    }

    /// <summary>Finds an image by its content.</summary>
    /// <returns>Its id; <see langword="null"/> when it does not exist.</returns>
    public async Task<ImageId?> FindIdAsync(ImageHash hash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT image_id FROM images WHERE sha256 = $1 AND size = $2 AND format = $3");
        command.Parameters.Add(new() { Value = hash.Sha256.Bytes });
        command.Parameters.Add(new() { Value = hash.Size });
        command.Parameters.Add(new() { Value = hash.Format });
        return await command.ExecuteScalarAsync(cancellationToken) is Guid id ? new ImageId(id) : null;
    }

    /// <summary>Deletes an image with all its aliases and variants.</summary>
    /// <returns>The aliases; <see langword="null"/> when the image does not exist.</returns>
    public async Task<IReadOnlyList<ImageAlias>?> DeleteImageAsync(ImageId image, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT delete_image($1)");
        command.Parameters.Add(new() { Value = image.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is string[] aliases
            ? [.. aliases.Select(alias => new ImageAlias(alias))]
            : null;
    }

    /// <summary>Deletes an image whose bytes are missing, unless they were moved or the database was restored.</summary>
    /// <returns><see langword="true"/> when it was deleted.</returns>
    public async Task<bool> DeleteMissingAsync(StoredImage image, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT delete_image(i.image_id) FROM images i JOIN image_blobs b ON b.blob_id = i.blob_id
            WHERE i.image_id = $1 AND b.blob_id = $2 AND (b.file_id = $3 OR b.object_key = $4) AND {DatabaseRestores.NoneOpen}
            """);
        command.Parameters.Add(new() { Value = image.Id.Value });
        command.Parameters.Add(new() { Value = image.Blob.Id.Value });
        command.Parameters.Add(
            new() { Value = (object?)image.Blob.File?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.Add(NullableParameter.Text(image.Blob.ObjectKey));
        return await command.ExecuteScalarAsync(cancellationToken) is string[];
    }

    /// <summary>Lists images in the order of their ids.</summary>
    /// <param name="after">The last image of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most images.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<StoredImage>> ListImagesAsync(ImageId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {ImageColumns} FROM images i JOIN image_blobs b ON b.blob_id = i.blob_id
            WHERE i.image_id > $1 ORDER BY i.image_id LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var images = new List<StoredImage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            images.Add(ReadImage(reader));
        }

        return images;
    }

    /// <summary>Deletes the variants of an image. They are made again when they are asked for.</summary>
    /// <returns>The number of variants.</returns>
    public async Task<int> DeleteVariantsAsync(ImageId image, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM image_variants WHERE image_id = $1");
        command.Parameters.Add(new() { Value = image.Value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddPosition(NpgsqlBatchCommand command, ImageHash? hash)
    {
        if (hash is not null)
        {
            command.Parameters.Add(new() { Value = hash.Sha256.Bytes });
            command.Parameters.Add(new() { Value = hash.Size });
            command.Parameters.Add(new() { Value = hash.Format });
        }
    }
}

/// <summary>An image with its aliases.</summary>
/// <param name="Image">The image.</param>
/// <param name="Aliases">The aliases, the oldest first.</param>
public sealed record HashedImage(StoredImage Image, IReadOnlyList<ImageAlias> Aliases);

/// <summary>A page of images in the order of their hashes.</summary>
/// <param name="Images">The images.</param>
/// <param name="Next">The hash at which the next page begins; <see langword="null"/> for the last page.</param>
/// <param name="Previous">The hash at which the page before begins; <see langword="null"/> for the first page.</param>
public sealed record HashPage(IReadOnlyList<HashedImage> Images, ImageHash? Next, ImageHash? Previous);
