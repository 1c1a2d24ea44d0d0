using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Buckets;

/// <summary>The versions of objects that PostgreSQL knows: the truth of what a key is and was.</summary>
/// <remarks>Every method is one round trip and one transaction. Writers of one key take turns; readers never wait.</remarks>
public sealed partial class ObjectCatalog(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Finds the latest version of a key, which may be a delete marker.</summary>
    public Task<ObjectVersion?> FindAsync(BucketId bucket, string key, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT {ObjectRows.Columns} FROM objects o WHERE o.bucket_id = $1 AND o.key = $2 ORDER BY o.position DESC LIMIT 1",
            [new() { Value = bucket.Value }, new() { Value = key }],
            cancellationToken);

    /// <summary>Finds one version of a key, which may be a delete marker.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">The version; <see langword="null"/> for the one called "null".</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ObjectVersion?> FindVersionAsync(BucketId bucket, string key, VersionId? version, CancellationToken cancellationToken) =>
        version is { } named
            ? FindAsync(
                $"SELECT {ObjectRows.Columns} FROM objects o WHERE o.version_id = $3 AND o.bucket_id = $1 AND o.key = $2 AND NOT o.is_null",
                [new() { Value = bucket.Value }, new() { Value = key }, new() { Value = named.Value }],
                cancellationToken)
            : FindAsync(
                $"SELECT {ObjectRows.Columns} FROM objects o WHERE o.bucket_id = $1 AND o.key = $2 AND o.is_null",
                [new() { Value = bucket.Value }, new() { Value = key }],
                cancellationToken);

    /// <summary>Lists the parts of a version that was uploaded in parts, in their order.</summary>
    public async Task<IReadOnlyList<ObjectPart>> ListPartsAsync(VersionId version, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT part_number, part_offset, size, checksum, file_id FROM object_parts WHERE version_id = $1 ORDER BY part_number");
        command.Parameters.Add(new() { Value = version.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var parts = new List<ObjectPart>();
        while (await reader.ReadAsync(cancellationToken))
        {
            parts.Add(new(
                reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3), new(reader.GetGuid(4))));
        }

        return parts;
    }

    private async Task<ObjectVersion?> FindAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ObjectRows.Read(reader) : null;
    }
}
