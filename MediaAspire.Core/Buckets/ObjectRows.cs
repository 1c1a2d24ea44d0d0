using System.Text.Json;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Buckets;

/// <summary>How rows of <c>objects</c> are read and written.</summary>
internal static class ObjectRows
{
    /// <summary>The columns that <see cref="Read"/> reads, of a row <c>o</c>.</summary>
    public const string Columns =
        """
        o.version_id, o.key, o.is_null, o.is_latest, o.is_delete_marker, o.modified_at, o.size, o.etag, o.file_id, o.part_count,
        o.owner_id, o.content_type, o.headers, o.metadata, o.tags, o.acl, o.storage_class, o.checksum_algorithm, o.checksum_type, o.checksum
        """;

    /// <summary>How many they are.</summary>
    public const int Count = 20;

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

    /// <summary>Reads owner_id, content_type, headers, metadata, tags, acl, storage_class and the three columns of the checksum.</summary>
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
                : new(reader.GetString(first + 7), reader.GetString(first + 8), reader.IsDBNull(first + 9) ? null : reader.GetString(first + 9)),
        };

    /// <summary>Adds the parameters of owner_id, content_type, headers, metadata, tags, acl, storage_class and of the checksum: ten.</summary>
    public static void AddAttributes(NpgsqlParameterCollection parameters, ObjectAttributes attributes)
    {
        parameters.Add(new() { Value = attributes.OwnerId });
        parameters.Add(new() { Value = attributes.ContentType });
        parameters.Add(Map(attributes.Headers, NpgsqlDbType.Json));
        parameters.Add(Map(attributes.Metadata, NpgsqlDbType.Json));
        parameters.Add(Map(attributes.Tags, NpgsqlDbType.Jsonb));
        parameters.Add(new() { Value = (object?)attributes.Acl ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json });
        parameters.Add(new() { Value = attributes.StorageClass });
        parameters.Add(Text(attributes.Checksum?.Algorithm));
        parameters.Add(Text(attributes.Checksum?.Type));
        parameters.Add(Text(attributes.Checksum?.Value));
    }

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Map(IReadOnlyDictionary<string, string> map, NpgsqlDbType type) =>
        new() { Value = map.Count == 0 ? DBNull.Value : JsonSerializer.Serialize(map), NpgsqlDbType = type };

    private static IReadOnlyDictionary<string, string> ReadMap(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal)
            ? System.Collections.Frozen.FrozenDictionary<string, string>.Empty
            : JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(ordinal))!;
}
