using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Uploads;

/// <summary>The rows of uploads as records.</summary>
internal static class UploadRows
{
    public const string Columns =
        """
        u.upload_id, u.target::text, u.state, u.received, u.owner, u.initiator, u.metadata::text, u.length, u.max_length, u.is_partial,
        u.parts, u.declared_sha256, u.sha256, u.result::text, u.failure_code, u.failure_message, u.created_at, u.modified_at, u.expires_at,
        u.part_size, u.pieces
        """;

    public static UploadSession Read(NpgsqlDataReader reader) =>
        new(
            new UploadSessionId(reader.GetGuid(0)),
            JsonSerializer.Deserialize(reader.GetString(1), UploadJson.Default.UploadTarget)!,
            ParseState(reader.GetString(2)),
            reader.IsDBNull(19) || reader.GetString(2) != "receiving" ? reader.GetInt64(3) : 0)
        {
            Received = reader.GetInt64(3),
            PartSize = reader.IsDBNull(19) ? null : reader.GetInt64(19),
            StoredParts = reader.IsDBNull(19) ? null : reader.GetInt32(20),
            Owner = reader.IsDBNull(4) ? null : new OwnerId(reader.GetString(4)),
            Initiator = reader.GetString(5),
            Metadata = JsonSerializer.Deserialize(reader.GetString(6), UploadJson.Default.IReadOnlyDictionaryStringString)!,
            Length = reader.IsDBNull(7) ? null : reader.GetInt64(7),
            MaxLength = reader.GetInt64(8),
            IsPartial = reader.GetBoolean(9),
            Parts = reader.IsDBNull(10) ? [] : [.. reader.GetFieldValue<Guid[]>(10).Select(part => new UploadSessionId(part))],
            DeclaredSha256 = Digest(reader, 11),
            Sha256 = Digest(reader, 12),
            Result = reader.IsDBNull(13) ? null : JsonSerializer.Deserialize(reader.GetString(13), UploadJson.Default.UploadResult),
            Failure = reader.IsDBNull(14) ? null : new UploadFailure(reader.GetString(14), reader.GetString(15)),
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(16),
            ModifiedAt = reader.GetFieldValue<DateTimeOffset>(17),
            ExpiresAt = reader.GetFieldValue<DateTimeOffset>(18),
        };

    public static UploadSessionState ParseState(string state) => state switch
    {
        "receiving" => UploadSessionState.Receiving,
        "completing" => UploadSessionState.Completing,
        "completed" => UploadSessionState.Completed,
        "failed" => UploadSessionState.Failed,
        _ => throw new System.Diagnostics.UnreachableException($"Unknown state '{state}' of an upload."),
    };

    public static NpgsqlParameter Json<T>(T value, JsonTypeInfo<T> type) =>
        new() { Value = JsonSerializer.Serialize(value, type), NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static NpgsqlParameter Long(long? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Uuid(Guid? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public static NpgsqlParameter Bytes(Sha256Digest? value) =>
        new() { Value = (object?)value?.Bytes ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static Sha256Digest? Digest(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : new(reader.GetFieldValue<byte[]>(ordinal));
}
