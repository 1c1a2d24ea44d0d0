using System.Text.Json;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Objects;

/// <summary>Reads and writes the columns of <c>objects</c>.</summary>
internal static class ObjectRows
{
    /// <summary>The columns that <see cref="Read"/> reads, of a row <c>o</c>.</summary>
    public const string Columns =
        """
        o.version_id, o.key, o.is_null, o.is_latest, o.is_delete_marker, o.modified_at, o.size, o.etag, o.file_id, o.part_count,
        o.owner_id, o.content_type, o.headers, o.metadata, o.tags, o.acl, o.storage_class,
        o.checksum_algorithm, o.checksum_type, o.checksum, o.lock_mode, o.retain_until, o.legal_hold
        """;

    /// <summary>The number of <see cref="Columns"/>.</summary>
    public const int Count = 23;

    public static ObjectVersion Read(NpgsqlDataReader reader) =>
        new(new(reader.GetGuid(0)), reader.GetString(1), ReadAttributes(reader, 10))
        {
            IsNull = reader.GetBoolean(2),
            IsLatest = reader.GetBoolean(3),
            IsDeleteMarker = reader.GetBoolean(4),
            ModifiedAt = reader.GetFieldValue<DateTimeOffset>(5),
            Size = reader.GetInt64(6),
            ETag = reader.GetString(7),
            File = reader.IsDBNull(8) ? null : new FileId(reader.GetGuid(8)),
            PartCount = reader.IsDBNull(9) ? null : reader.GetInt32(9),
        };

    /// <summary>Reads an array of rows of part_number, part_offset, size, checksum and file_id.</summary>
    public static IReadOnlyList<ObjectPart> ReadParts(NpgsqlDataReader reader, int ordinal)
    {
        using var rows = reader.GetData(ordinal);
        var parts = new List<ObjectPart>();
        while (rows.Read())
        {
            var checksum = rows.IsDBNull(3) ? null : rows.GetString(3);
            parts.Add(new(rows.GetInt32(0), rows.GetInt64(1), rows.GetInt64(2), checksum, new(rows.GetGuid(4))));
        }

        return parts;
    }

    /// <summary>
    /// Reads owner_id, content_type, headers, metadata, tags, acl, storage_class, the three columns of the checksum and those of the lock.
    /// </summary>
    public static ObjectAttributes ReadAttributes(NpgsqlDataReader reader, int first) =>
        new(reader.GetString(first), reader.GetString(first + 1))
        {
            Headers = ReadMap(reader, first + 2),
            Metadata = ReadMap(reader, first + 3),
            Tags = ReadMap(reader, first + 4),
            Acl = reader.IsDBNull(first + 5) ? null : reader.GetString(first + 5),
            StorageClass = reader.GetString(first + 6),
            Checksum = reader.IsDBNull(first + 7)
                ? null
                : new(
                    reader.GetString(first + 7),
                    reader.GetString(first + 8),
                    reader.IsDBNull(first + 9) ? null : reader.GetString(first + 9)),
            Lock = ReadLock(reader, first + 10),
        };

    /// <summary>Reads lock_mode, retain_until and legal_hold.</summary>
    public static ObjectLock? ReadLock(NpgsqlDataReader reader, int first)
    {
        var retention = RetentionModes.Find(reader.IsDBNull(first) ? null : reader.GetString(first)) is { } mode
            ? new Retention(mode, reader.GetFieldValue<DateTimeOffset>(first + 1))
            : null;
        bool? hold = reader.IsDBNull(first + 2) ? null : reader.GetBoolean(first + 2);
        return retention is null && hold is null ? null : new(retention, hold);
    }

    /// <summary>
    /// Adds the parameters of owner_id, content_type, headers, metadata, tags, acl, storage_class, of the checksum and the lock: 13.
    /// </summary>
    public static void AddAttributes(NpgsqlParameterCollection parameters, ObjectAttributes attributes)
    {
        parameters.Add(new() { Value = attributes.OwnerId });
        parameters.Add(new() { Value = attributes.ContentType });
        parameters.Add(Map(attributes.Headers, NpgsqlDbType.Json));
        parameters.Add(Map(attributes.Metadata, NpgsqlDbType.Json));
        parameters.Add(Map(attributes.Tags, NpgsqlDbType.Jsonb));
        parameters.Add(new() { Value = (object?)attributes.Acl ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json });
        parameters.Add(new() { Value = attributes.StorageClass });
        parameters.Add(NullableParameter.Text(attributes.Checksum?.Algorithm));
        parameters.Add(NullableParameter.Text(attributes.Checksum?.Type));
        parameters.Add(NullableParameter.Text(attributes.Checksum?.Value));
        parameters.Add(NullableParameter.Text(attributes.Lock?.Retention?.Mode.Name));
        parameters.Add(NullableParameter.Time(attributes.Lock?.Retention?.Until));
        parameters.Add(new() { Value = (object?)attributes.Lock?.LegalHold ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean });
    }

    public static NpgsqlParameter Map(IReadOnlyDictionary<string, string> map, NpgsqlDbType type) =>
        new() { Value = map.Count == 0 ? DBNull.Value : JsonSerializer.Serialize(map), NpgsqlDbType = type };

    private static IReadOnlyDictionary<string, string> ReadMap(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal)
            ? System.Collections.Frozen.FrozenDictionary<string, string>.Empty
            : JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(ordinal))!;
}
