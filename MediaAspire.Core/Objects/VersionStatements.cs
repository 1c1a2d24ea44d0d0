using MediaAspire.Core.Buckets;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Objects;

/// <summary>The statements that write and remove versions.</summary>
internal static class VersionStatements
{
    private const string WriteVersion =
        """
        write_version($1, $2, $3, $4, false, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23
        """;

    // One text for each origin. That of a put is the default of the function, so that its statement is not longer.
    private static readonly string[] s_write = TextsOf(call => $"SELECT {call})");
    private static readonly string[] s_writeFreeing = TextsOf(call => $"SELECT {call}, freed => $24)");
    private static readonly string[] s_requireWritten = TextsOf(call => $"SELECT require_written({call}))");

    /// <summary>Makes later writers of the key wait for the end of the transaction.</summary>
    public static NpgsqlBatchCommand Lock(BucketId bucket, string key) =>
        new("SELECT lock_object($1, $2)") { Parameters = { new() { Value = bucket.Value }, new() { Value = key } } };

    /// <summary>Writes a version. The result is the name of an <see cref="ObjectWriteOutcome"/>.</summary>
    public static NpgsqlBatchCommand Write(BucketId bucket, NewVersion version, ObjectConditions conditions) =>
        Write(s_write[(int)version.Origin], bucket, seen: null, version, conditions);

    /// <summary>Writes a version whose transaction releases bytes of the bucket, which its quota then does not count twice.</summary>
    /// <inheritdoc cref="Write(BucketId, NewVersion, ObjectConditions)"/>
    public static NpgsqlBatchCommand Write(BucketId bucket, NewVersion version, ObjectConditions conditions, long freedBytes)
    {
        var write = Write(s_writeFreeing[(int)version.Origin], bucket, seen: null, version, conditions);
        write.Parameters.Add(new NpgsqlParameter<long> { TypedValue = freedBytes });
        return write;
    }

    /// <summary>Writes a version, or fails with SQLSTATE <c>MA002</c> and the outcome's name as the constraint.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="seen">The <see cref="Bucket.RowVersion"/> that the bucket must still have; <see langword="null"/> for any.</param>
    /// <param name="version">The version.</param>
    /// <param name="conditions">The conditions on the key.</param>
    public static NpgsqlBatchCommand RequireWritten(BucketId bucket, uint? seen, NewVersion version, ObjectConditions conditions) =>
        Write(s_requireWritten[(int)version.Origin], bucket, seen, version, conditions);

    /// <summary>
    /// Writes a delete marker as the latest version of a key. The result is the name of an <see cref="ObjectWriteOutcome"/>.
    /// </summary>
    public static NpgsqlBatchCommand WriteMarker(BucketId bucket, string key, VersionId marker, string ownerId) =>
        WriteMarker("SELECT write_marker($1, $2, $3, $4)", bucket, key, marker, ownerId);

    /// <summary>Writes a delete marker because of a lifecycle rule.</summary>
    /// <inheritdoc cref="WriteMarker(BucketId, string, VersionId, string)"/>
    public static NpgsqlBatchCommand ExpireByMarker(BucketId bucket, string key, VersionId marker, string ownerId) => WriteMarker(
        "SELECT write_marker($1, $2, $3, $4, event => 's3:LifecycleExpiration:DeleteMarkerCreated')", bucket, key, marker, ownerId);

    /// <summary>Inserts the parts of a version that was written before.</summary>
    public static NpgsqlBatchCommand InsertParts(VersionId version, IReadOnlyList<ObjectPart> parts) =>
        new(
            """
            INSERT INTO object_parts (version_id, part_number, part_offset, size, checksum, file_id)
            SELECT $1, * FROM unnest($2, $3, $4, $5, $6)
            """)
        {
            Parameters =
            {
                new() { Value = version.Value },
                new() { Value = parts.Select(part => part.Number).ToArray() },
                new() { Value = parts.Select(part => part.Offset).ToArray() },
                new() { Value = parts.Select(part => part.Size).ToArray() },
                new() { Value = parts.Select(part => part.Checksum).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = parts.Select(part => part.File.Value).ToArray() },
            },
        };

    /// <summary>Removes versions for good because of a lifecycle rule. Their keys must be locked, and their own locks judged.</summary>
    public static NpgsqlBatchCommand Expire(IEnumerable<VersionId> versions) =>
        new("SELECT remove_versions($1, event => 's3:LifecycleExpiration:Delete')")
        {
            Parameters = { new() { Value = versions.Select(version => version.Value).ToArray() } },
        };

    /// <summary>
    /// Finds a version by its id alone; within a transaction, one that was just written, before another writer can replace it.
    /// </summary>
    public static async Task<ObjectVersion?> FindAsync(NpgsqlConnection connection, VersionId version, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {ObjectRows.Columns} FROM objects o WHERE o.version_id = $1";
        command.Parameters.Add(new() { Value = version.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ObjectRows.Read(reader) : null;
    }

    private static string[] TextsOf(Func<string, string> statement) =>
    [
        .. Enum.GetValues<VersionOrigin>().Select(origin => statement(
            origin == VersionOrigin.Put ? WriteVersion : $"{WriteVersion}, event => 's3:ObjectCreated:{origin}'")),
    ];

    private static NpgsqlBatchCommand WriteMarker(string sql, BucketId bucket, string key, VersionId marker, string ownerId) => new(sql)
    {
        Parameters =
        {
            new() { Value = bucket.Value }, new() { Value = key }, new() { Value = marker.Value }, new() { Value = ownerId },
        },
    };

    private static NpgsqlBatchCommand Write(string sql, BucketId bucket, uint? seen, NewVersion version, ObjectConditions conditions)
    {
        var write = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = bucket.Value },
                new() { Value = (object?)seen ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Xid },
                new NpgsqlParameter<string> { TypedValue = version.Key },
                new NpgsqlParameter<Guid> { TypedValue = version.Id.Value },
                new NpgsqlParameter<long> { TypedValue = version.Size },
                new NpgsqlParameter<string> { TypedValue = version.ETag },
                new() { Value = (object?)version.File?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = (object?)version.PartCount ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                NullableParameter.Text(conditions.IfMatch), NullableParameter.Text(conditions.IfNoneMatch),
            },
        };
        ObjectRows.AddAttributes(write.Parameters, version.Attributes);
        return write;
    }
}
