using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Limits;

/// <summary>The limits of keys, in the rows of the keys. Thread-safe.</summary>
/// <remarks>Every method is one round trip and one transaction.</remarks>
public sealed class KeyLimitStore(NpgsqlDataSource database)
{
    private const string Columns = "requests_per_second, burst, max_concurrent";

    /// <summary>Finds the limits of a key.</summary>
    /// <returns><see langword="null"/> when the key does not exist.</returns>
    public async Task<KeyLimits?> FindAsync(LimitedKey key, CancellationToken cancellationToken)
    {
        var (table, column) = PlaceOf(key);
        await using var command = database.CreateCommand($"SELECT {Columns} FROM {table} WHERE {column} = $1");
        command.Parameters.Add(new() { Value = key.Id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader, first: 0) : null;
    }

    /// <summary>Sets the limits of a key.</summary>
    /// <returns><see langword="false"/> when the key does not exist.</returns>
    public async Task<bool> SetAsync(LimitedKey key, KeyLimits limits, CancellationToken cancellationToken)
    {
        var (table, column) = PlaceOf(key);
        await using var command = database.CreateCommand($"UPDATE {table} SET ({Columns}) = ($2, $3, $4) WHERE {column} = $1");
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(Nullable(limits.RequestsPerSecond, NpgsqlDbType.Double));
        command.Parameters.Add(Nullable(limits.Burst, NpgsqlDbType.Integer));
        command.Parameters.Add(Nullable(limits.MaxConcurrent, NpgsqlDbType.Integer));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Reads the limits of every key that has some.</summary>
    public async Task<IReadOnlyDictionary<LimitedKey, KeyLimits>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT false, key_id, {Columns} FROM api_keys WHERE requests_per_second IS NOT NULL OR max_concurrent IS NOT NULL
            UNION ALL
            SELECT true, access_key_id, {Columns} FROM access_keys WHERE requests_per_second IS NOT NULL OR max_concurrent IS NOT NULL
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var all = new Dictionary<LimitedKey, KeyLimits>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(new(reader.GetBoolean(0), reader.GetString(1)), Read(reader, first: 2));
        }

        return all;
    }

    private static (string Table, string Column) PlaceOf(LimitedKey key) =>
        key.IsAccessKey ? ("access_keys", "access_key_id") : ("api_keys", "key_id");

    private static KeyLimits Read(NpgsqlDataReader reader, int first) => new(
        reader.IsDBNull(first) ? null : reader.GetDouble(first),
        reader.IsDBNull(first + 1) ? null : reader.GetInt32(first + 1),
        reader.IsDBNull(first + 2) ? null : reader.GetInt32(first + 2));

    private static NpgsqlParameter Nullable<T>(T? value, NpgsqlDbType type)
        where T : struct => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = type };
}
