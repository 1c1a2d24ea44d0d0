using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Database;

/// <summary>Parameters that may be NULL, with the type that PostgreSQL can't infer from NULL.</summary>
internal static class NullableParameter
{
    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Time(DateTimeOffset? time) =>
        new() { Value = (object?)time?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
