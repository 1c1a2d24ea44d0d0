using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Objects;

/// <summary>The versions of objects in PostgreSQL, which is the source of truth for the content and the history of each key.</summary>
/// <remarks>Every method is one round trip and one transaction. Writers of one key take turns; readers never wait.</remarks>
public sealed partial class ObjectCatalog(NpgsqlDataSource database, TimeProvider time)
{
    // The conditions that select a version of key $2 in bucket $1.
    private const string Latest = "o.bucket_id = $1 AND o.key = $2 ORDER BY o.position DESC LIMIT 1";
    private const string Named = "o.version_id = $3 AND o.bucket_id = $1 AND o.key = $2 AND NOT o.is_null";
    private const string Null = "o.bucket_id = $1 AND o.key = $2 AND o.is_null";

    // In the statement that finds the version: a moment later both may be gone, and an object without parts would look like an empty one.
    private const string Parts =
        """
        ARRAY(SELECT ROW(p.part_number, p.part_offset, p.size, p.checksum, p.file_id) FROM object_parts p
              WHERE o.part_count IS NOT NULL AND p.version_id = o.version_id ORDER BY p.part_number)
        """;

    /// <summary>Finds the latest version of a key, which may be a delete marker.</summary>
    public Task<ObjectVersion?> FindAsync(BucketId bucket, string key, CancellationToken cancellationToken) =>
        FindAsync($"SELECT {ObjectRows.Columns} FROM objects o WHERE {Latest}", Parameters(bucket, key), cancellationToken);

    /// <summary>Finds one version of a key, which may be a delete marker.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">The version; <see langword="null"/> for the one called "null".</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ObjectVersion?> FindVersionAsync(BucketId bucket, string key, VersionId? version, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT {ObjectRows.Columns} FROM objects o WHERE {(version is null ? Null : Named)}",
            Parameters(bucket, key, version),
            cancellationToken);

    /// <summary>
    /// Finds the latest version of a key as <see cref="FindAsync(BucketId, string, CancellationToken)"/> does, and the location of its
    /// bytes.
    /// </summary>
    public Task<LocatedObject?> LocateAsync(BucketId bucket, string key, CancellationToken cancellationToken) =>
        LocateAsync(Latest, () => Parameters(bucket, key), cancellationToken);

    /// <summary>Finds one version of a key as <see cref="FindVersionAsync"/> does, and the location of its bytes.</summary>
    public Task<LocatedObject?> LocateVersionAsync(BucketId bucket, string key, VersionId? version, CancellationToken cancellationToken) =>
        LocateAsync(version is null ? Null : Named, () => Parameters(bucket, key, version), cancellationToken);

    private static NpgsqlParameter[] Parameters(BucketId bucket, string key, VersionId? version = null) => version is { } named
        ? [new() { Value = bucket.Value }, new() { Value = key }, new() { Value = named.Value }]
        : [new() { Value = bucket.Value }, new() { Value = key }];

    private async Task<LocatedObject?> LocateAsync(string which, Func<NpgsqlParameter[]> parameters, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var versions = new NpgsqlBatchCommand($"SELECT {ObjectRows.Columns}, {Parts} FROM objects o WHERE {which}");
        versions.Parameters.AddRange(parameters());
        batch.BatchCommands.Add(versions);
        var chunks = new NpgsqlBatchCommand(
            $"""
            SELECT {FileCatalog.ChunkColumns} FROM {FileCatalog.ChunkSource}
            WHERE c.file_id = (SELECT o.file_id FROM objects o WHERE {which}) ORDER BY {FileCatalog.ChunkOrder}
            """);
        chunks.Parameters.AddRange(parameters());
        batch.BatchCommands.Add(chunks);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var version = ObjectRows.Read(reader);
        if (version.File is not { } file)
        {
            return new(version, File: null, ObjectRows.ReadParts(reader, ObjectRows.Count));
        }

        await reader.NextResultAsync(cancellationToken);
        var (found, located) = await FileCatalog.ReadChunksAsync(reader, cancellationToken);

        // Each statement sees what is committed when it starts: a put in between shows the chunks of the next version.
        return found == file || (found is null && version.Size == 0)
            ? new(
                version,
                new StoredFile(file, version.Key, version.Attributes.ContentType, version.Size, Sha256: null, version.ModifiedAt, located),
                [])
            : new(version, File: null, []);
    }

    private async Task<ObjectVersion?> FindAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<ObjectVersion?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ObjectRows.Read(reader) : null;
    }
}
