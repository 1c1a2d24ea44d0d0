using MediaAspire.Core.Checksums;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Images;

/// <summary>The rows of blobs.</summary>
internal static class BlobRows
{
    /// <summary>The columns that <see cref="Read"/> reads, of <c>image_blobs b</c>.</summary>
    public const string Columns = "b.blob_id, b.file_id, b.object_key, b.content_type, b.size, b.sha256";

    /// <summary>The number of these columns.</summary>
    public const int Count = 6;

    /// <summary>Reads a blob.</summary>
    /// <param name="reader">At a row.</param>
    /// <param name="first">The ordinal of the first column.</param>
    public static ImageBlob Read(NpgsqlDataReader reader, int first) => new(
        new BlobId(reader.GetGuid(first)),
        reader.GetString(first + 3),
        reader.GetInt64(first + 4),
        new Sha256Digest(reader.GetFieldValue<byte[]>(first + 5)))
    {
        File = reader.IsDBNull(first + 1) ? null : new FileId(reader.GetGuid(first + 1)),
        ObjectKey = reader.IsDBNull(first + 2) ? null : reader.GetString(first + 2),
    };

    /// <summary>Selects the chunks of a blob's file, for <see cref="ReadChunksAsync"/>.</summary>
    /// <param name="file">A query that selects the file's id.</param>
    /// <param name="parameters">Its parameters.</param>
    public static NpgsqlBatchCommand SelectChunks(string file, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            SELECT {FileCatalog.ChunkColumns} FROM {FileCatalog.ChunkSource}
            WHERE c.file_id = ({file}) ORDER BY {FileCatalog.ChunkOrder}
            """);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Adds the chunks of the next result to a blob, unless it has moved between the two statements.</summary>
    public static async Task<ImageBlob> ReadChunksAsync(NpgsqlDataReader reader, ImageBlob blob, CancellationToken cancellationToken)
    {
        if (blob.File is not { } file)
        {
            return blob;
        }

        await reader.NextResultAsync(cancellationToken);
        var (found, chunks) = await FileCatalog.ReadChunksAsync(reader, cancellationToken);
        return found == file
            ? blob with { Stored = new StoredFile(file, "", blob.ContentType, blob.Size, blob.Sha256, default, chunks) }
            : blob;
    }

    /// <summary>Adds the row of a blob.</summary>
    public static NpgsqlBatchCommand Insert(ImageBlob blob) => new(
        "INSERT INTO image_blobs (blob_id, file_id, object_key, content_type, size, sha256) VALUES ($1, $2, $3, $4, $5, $6)")
    {
        Parameters =
        {
            new() { Value = blob.Id.Value },
            new() { Value = (object?)blob.File?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            NullableParameter.Text(blob.ObjectKey),
            new() { Value = blob.ContentType },
            new() { Value = blob.Size },
            new() { Value = blob.Sha256.Bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        },
    };

    /// <summary>Schedules the deletion of an object that no blob has.</summary>
    public static NpgsqlBatchCommand ScheduleDeletion(string objectKey) => new(
        """
        WITH scheduled AS (
            INSERT INTO media_object_deletions (object_key)
            SELECT $1 WHERE NOT EXISTS (SELECT FROM image_blobs b WHERE b.object_key = $1)
            ON CONFLICT (object_key) DO NOTHING RETURNING object_key)
        SELECT pg_notify('duty_wanted', 'media-deletions') FROM scheduled
        """)
    {
        Parameters = { new() { Value = objectKey } },
    };
}
