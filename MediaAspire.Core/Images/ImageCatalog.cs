using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>The images and their aliases in PostgreSQL. Thread-safe.</summary>
public sealed partial class ImageCatalog(NpgsqlDataSource database)
{
    private const string ImageColumns =
        $"i.image_id, i.sha256, i.size, i.details, i.motion_blob_id, i.created_at, {BlobRows.Columns}";

    private const int ImageColumnCount = 6 + BlobRows.Count;

    /// <summary>Finds an image by an alias, with the place of its bytes, in one round trip.</summary>
    /// <returns><see langword="null"/> when the alias does not exist.</returns>
    public async Task<AliasedImage?> FindAsync(ImageAlias alias, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            $"""
            SELECT {ImageColumns}, a.alias, a.owner, a.created_at, a.accessed_at
            FROM image_aliases a JOIN images i USING (image_id) JOIN image_blobs b ON b.blob_id = i.blob_id WHERE a.alias = $1
            """)
        {
            Parameters = { new() { Value = alias.Value } },
        });
        batch.BatchCommands.Add(BlobRows.SelectChunks(
            """
            SELECT b.file_id FROM image_aliases a JOIN images i USING (image_id) JOIN image_blobs b ON b.blob_id = i.blob_id
            WHERE a.alias = $1
            """,
            new NpgsqlParameter { Value = alias.Value }));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var found = ReadAliased(reader);
        return found with
        {
            Image = found.Image with { Blob = await BlobRows.ReadChunksAsync(reader, found.Image.Blob, cancellationToken) },
        };
    }

    /// <summary>Finds an image by its id, with the place of its bytes, in one round trip.</summary>
    /// <returns><see langword="null"/> when it does not exist.</returns>
    public async Task<StoredImage?> FindAsync(ImageId id, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            $"SELECT {ImageColumns} FROM images i JOIN image_blobs b ON b.blob_id = i.blob_id WHERE i.image_id = $1")
        {
            Parameters = { new() { Value = id.Value } },
        });
        batch.BatchCommands.Add(BlobRows.SelectChunks(
            "SELECT b.file_id FROM images i JOIN image_blobs b ON b.blob_id = i.blob_id WHERE i.image_id = $1",
            new NpgsqlParameter { Value = id.Value }));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var found = ReadImage(reader);
        return found with { Blob = await BlobRows.ReadChunksAsync(reader, found.Blob, cancellationToken) };
    }

    private static StoredImage ReadImage(NpgsqlDataReader reader) => new(
        new ImageId(reader.GetGuid(0)),
        new Sha256Digest(reader.GetFieldValue<byte[]>(1)),
        reader.GetInt64(2),
        ImageDetailsFormat.Read(reader.GetString(3)),
        BlobRows.Read(reader, 6),
        reader.IsDBNull(4) ? null : new BlobId(reader.GetGuid(4)),
        reader.GetFieldValue<DateTimeOffset>(5));

    private static AliasedImage ReadAliased(NpgsqlDataReader reader) => new(
        new ImageAlias(reader.GetString(ImageColumnCount)),
        reader.IsDBNull(ImageColumnCount + 1) ? null : new OwnerId(reader.GetString(ImageColumnCount + 1)),
        reader.GetFieldValue<DateTimeOffset>(ImageColumnCount + 2),
        reader.IsDBNull(ImageColumnCount + 3) ? null : reader.GetFieldValue<DateTimeOffset>(ImageColumnCount + 3),
        ReadImage(reader));
}
