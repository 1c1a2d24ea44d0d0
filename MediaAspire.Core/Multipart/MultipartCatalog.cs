using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using Npgsql;

namespace MediaAspire.Core.Multipart;

/// <summary>Uploads in parts. Each part is a file of its own; completing makes them one object without touching their bytes.</summary>
/// <remarks>A change of an upload locks its row. Putting a part shares that lock, so no part outlives its upload.</remarks>
public sealed partial class MultipartCatalog(
    NpgsqlDataSource database, TimeProvider time, IMultipartSource? others = null)
{
    private const string Columns =
        """
        u.upload_id, u.bucket_id, u.key, u.initiator_id, u.initiated_at, u.completed_version,
        u.owner_id, u.content_type, u.headers, u.metadata, u.tags, u.acl, u.storage_class, u.checksum_algorithm, u.checksum_type, NULL,
        u.lock_mode, u.retain_until, u.legal_hold, u.is_continued
        """;

    private const string InsertSql =
        """
        INSERT INTO multipart_uploads (upload_id, bucket_id, key, initiator_id, is_continued, owner_id, content_type, headers, metadata,
            tags, acl, storage_class, checksum_algorithm, checksum_type, lock_mode, retain_until, legal_hold)
        SELECT $1, b.bucket_id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16, $17, $18 FROM buckets b
        WHERE b.bucket_id = $2 AND $15::text IS NULL FOR KEY SHARE OF b
        """;

    /// <summary>Begins an upload.</summary>
    /// <returns>The upload; <see langword="null"/> when the bucket is gone.</returns>
    public async Task<UploadId?> BeginAsync(
        BucketId bucket, string key, ObjectAttributes attributes, string initiatorId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attributes);

        var id = UploadId.New(time);
        await using var command = database.CreateCommand(InsertSql);
        AddUpload(command.Parameters, id, bucket, key, attributes, initiatorId, isContinued: false);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? id : null;
    }

    /// <summary>Makes the statement that records an upload which another protocol has begun, where its bucket still exists.</summary>
    internal static NpgsqlBatchCommand Continue(
        UploadId id, BucketId bucket, string key, ObjectAttributes attributes, string initiatorId)
    {
        var insert = new NpgsqlBatchCommand(InsertSql);
        AddUpload(insert.Parameters, id, bucket, key, attributes, initiatorId, isContinued: true);
        return insert;
    }

    /// <summary>
    /// Finds an upload of a key, under way or completed. One that another protocol has begun becomes an upload in parts by this.
    /// </summary>
    public async Task<MultipartUpload?> FindAsync(BucketId bucket, string key, UploadId id, CancellationToken cancellationToken) =>
        await FindOwnAsync(bucket, key, id, cancellationToken)
        ?? (others is not null && await others.ContinueInPartsAsync(bucket, key, id, cancellationToken)
            ? await FindOwnAsync(bucket, key, id, cancellationToken)
            : null);

    private async Task<MultipartUpload?> FindOwnAsync(BucketId bucket, string key, UploadId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM multipart_uploads u WHERE u.upload_id = $1 AND u.bucket_id = $2 AND u.key = $3");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Lists the uploaded parts in the order of their numbers.</summary>
    /// <param name="id">The upload.</param>
    /// <param name="after">The number after which the list begins; 0 for all.</param>
    /// <param name="limit">The most parts wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<UploadedPart>> ListPartsAsync(UploadId id, int after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT part_number, file_id, size, etag, checksum, modified_at FROM multipart_parts
            WHERE upload_id = $1 AND part_number > $2 ORDER BY part_number LIMIT $3
            """);
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadPartsAsync(reader, cancellationToken);
    }

    /// <summary>Lists uploads under way by key, then by the time of their beginning.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">The prefix of the keys; empty for all.</param>
    /// <param name="afterKey">
    /// The key after whose uploads, or after whose upload <paramref name="afterUpload"/>, the list begins; empty for all.
    /// </param>
    /// <param name="afterUpload">
    /// The upload of <paramref name="afterKey"/> after which the list begins; <see langword="null"/> for after all of them.
    /// </param>
    /// <param name="limit">The most uploads wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<MultipartUpload>> ListAsync(
        BucketId bucket, string prefix, string afterKey, UploadId? afterUpload, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM multipart_uploads u
            WHERE u.bucket_id = $1 AND u.completed_at IS NULL AND u.key >= $2 AND starts_with(u.key, $2)
              AND (u.key > $3 OR (u.key = $3 AND u.upload_id > $4))
            ORDER BY u.key, u.upload_id LIMIT $5
            """);
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = prefix });
        command.Parameters.Add(new() { Value = afterKey });
        command.Parameters.Add(new() { Value = afterUpload?.Value ?? Guid.AllBitsSet });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var uploads = new List<MultipartUpload>();
        while (await reader.ReadAsync(cancellationToken))
        {
            uploads.Add(Read(reader));
        }

        return uploads;
    }

    /// <summary>Makes an uploaded file a part, in the place of the part that had its number.</summary>
    /// <param name="id">The upload in parts.</param>
    /// <param name="number">The part's number, from 1 to 10,000.</param>
    /// <param name="file">The part's file, whose bytes are all written. When it does not become a part, disposing it removes it.</param>
    /// <param name="etag">The MD5 of its bytes in hexadecimal.</param>
    /// <param name="checksum">Base64, in the upload's algorithm; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The time by the database's clock; <see langword="null"/> when the upload was completed or aborted meanwhile.</returns>
    /// <exception cref="FileWriteException">A chunk could not be made durable, or the file's session has expired.</exception>
    /// <exception cref="Quotas.QuotaExceededException">The part does not fit into a quota of the bucket or its owner.</exception>
    public static async Task<DateTimeOffset?> PutPartAsync(
        UploadId id, int number, FileUpload file, string etag, string? checksum, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);

        var put = new NpgsqlBatchCommand("SELECT put_part($1, $2, $3, $4, $5, $6)")
        {
            Parameters =
            {
                new() { Value = id.Value }, new() { Value = number }, new() { Value = file.Id.Value }, new() { Value = file.Size },
                new() { Value = etag }, NullableParameter.Text(checksum),
            },
        };
        return (await file.TryCommitAsync(new(put), cancellationToken))?.CompletedAt;
    }

    /// <summary>Ends an upload and releases its parts.</summary>
    /// <returns><see langword="true"/> when the upload was under way.</returns>
    public async Task<bool> AbortAsync(UploadId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT abort_upload($1)");
        command.Parameters.Add(new() { Value = id.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static void AddUpload(
        NpgsqlParameterCollection parameters,
        UploadId id,
        BucketId bucket,
        string key,
        ObjectAttributes attributes,
        string initiatorId,
        bool isContinued)
    {
        parameters.Add(new() { Value = id.Value });
        parameters.Add(new() { Value = bucket.Value });
        parameters.Add(new() { Value = key });
        parameters.Add(new() { Value = initiatorId });
        parameters.Add(new() { Value = isContinued });
        ObjectRows.AddAttributes(parameters, attributes);
    }

    private static async Task<List<UploadedPart>> ReadPartsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var parts = new List<UploadedPart>();
        while (await reader.ReadAsync(cancellationToken))
        {
            parts.Add(new(
                reader.GetInt32(0),
                new(reader.GetGuid(1)),
                reader.GetInt64(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return parts;
    }

    private static MultipartUpload Read(NpgsqlDataReader reader) =>
        new(
            new(reader.GetGuid(0)),
            new(reader.GetGuid(1)),
            reader.GetString(2),
            ObjectRows.ReadAttributes(reader, 6),
            reader.GetString(3),
            reader.GetFieldValue<DateTimeOffset>(4))
        {
            CompletedVersion = reader.IsDBNull(5) ? null : new VersionId(reader.GetGuid(5)),
            IsContinued = reader.GetBoolean(19),
        };
}
