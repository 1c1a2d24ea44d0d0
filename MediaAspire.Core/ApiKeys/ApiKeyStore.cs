using System.Net;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.ApiKeys;

/// <summary>The API keys that PostgreSQL knows, with the hashes of their secrets.</summary>
/// <remarks>Thread-safe. Every method is one round trip and one transaction.</remarks>
public sealed class ApiKeyStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns =
        "key_id, name, owner_id, scopes, addresses, is_enabled, expires_at, "
        + "CASE WHEN previous_valid_until > now() THEN previous_valid_until END, created_at, created_by, last_used_at";

    // Locks the rows, so that of two changes at once the second one sees the first: each would otherwise leave the other's key as the last.
    private const string OtherAdmins =
        """
        WITH admins AS MATERIALIZED (
            SELECT key_id FROM api_keys WHERE is_enabled AND 'admin' = ANY (scopes) AND expires_at IS NULL ORDER BY key_id FOR UPDATE
        ), target AS (
            SELECT NOT EXISTS (SELECT FROM admins WHERE key_id = $1) OR EXISTS (SELECT FROM admins WHERE key_id <> $1) AS may_go
        )
        """;

    /// <summary>Creates an enabled key.</summary>
    /// <returns><see langword="null"/> when a key of that id exists already.</returns>
    /// <exception cref="PostgresException">The owner does not exist (a foreign key is violated).</exception>
    public async Task<ApiKeyInfo?> CreateAsync(NewApiKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            INSERT INTO api_keys (key_id, secret_sha256, name, owner_id, scopes, addresses, expires_at, created_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (key_id) DO NOTHING
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(new() { Value = key.SecretHash });
        command.Parameters.Add(new() { Value = key.Name });
        command.Parameters.Add(NullableParameter.Text(key.Owner?.Value));
        command.Parameters.Add(new() { Value = key.Scopes.ToArray() });
        command.Parameters.Add(new() { Value = key.Addresses.ToArray() });
        command.Parameters.Add(NullableParameter.Time(key.ExpiresAt));
        command.Parameters.Add(NullableParameter.Text(key.CreatedBy));
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Finds a key, enabled or not.</summary>
    public async Task<ApiKeyInfo?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM api_keys WHERE key_id = $1");
        command.Parameters.Add(new() { Value = id });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Lists keys, enabled or not, in the order of their ids.</summary>
    /// <param name="after">Only keys with greater ids; empty for the first page.</param>
    /// <param name="limit">Most keys returned.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<ApiKeyInfo>> ListAsync(string after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM api_keys WHERE key_id > $1 ORDER BY key_id LIMIT $2");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<ApiKeyInfo>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(Read(reader));
        }

        return keys;
    }

    /// <summary>Gives a key another secret, and keeps the present one valid for a while. An older one becomes invalid.</summary>
    /// <param name="id">The key.</param>
    /// <param name="secretHash">The hash of the new secret.</param>
    /// <param name="overlap">The time for which the present secret stays valid; zero ends it at once.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The key as it is now; <see langword="null"/> when it does not exist.</returns>
    public async Task<ApiKeyInfo?> RotateAsync(string id, byte[] secretHash, TimeSpan overlap, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            UPDATE api_keys SET
                secret_sha256 = $2,
                previous_sha256 = CASE WHEN $3 > interval '0' THEN secret_sha256 END,
                previous_valid_until = CASE WHEN $3 > interval '0' THEN now() + $3 END
            WHERE key_id = $1
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = secretHash });
        command.Parameters.Add(new() { Value = overlap });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Accepts requests with a key again.</summary>
    public async Task<ApiKeyChange> EnableAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE api_keys SET is_enabled = true WHERE key_id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? ApiKeyChange.Done : ApiKeyChange.NotFound;
    }

    /// <summary>Refuses requests with a key: in this process at once, in others when their caches expire.</summary>
    public Task<ApiKeyChange> DisableAsync(string id, CancellationToken cancellationToken) => ChangeUnlessLastAdminAsync(
        "UPDATE api_keys SET is_enabled = false WHERE key_id = $1 AND (SELECT may_go FROM target) RETURNING 1", id, cancellationToken);

    /// <summary>Deletes a key. The data of its owner is kept.</summary>
    public Task<ApiKeyChange> DeleteAsync(string id, CancellationToken cancellationToken) => ChangeUnlessLastAdminAsync(
        "DELETE FROM api_keys WHERE key_id = $1 AND (SELECT may_go FROM target) RETURNING 1", id, cancellationToken);

    /// <summary>Gets a value indicating whether some key can administer the cluster.</summary>
    public async Task<bool> HasAdminAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (SELECT FROM api_keys
                WHERE is_enabled AND 'admin' = ANY (scopes) AND (expires_at IS NULL OR expires_at > now()))
            """);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Creates a key of operators, or gives it the given secret, name and scopes.</summary>
    /// <returns><see langword="true"/> when requests with it are accepted: a disabled key stays disabled.</returns>
    internal async Task<bool> PutAsync(NewApiKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO api_keys AS k (key_id, secret_sha256, name, scopes) VALUES ($1, $2, $3, $4)
            ON CONFLICT (key_id) DO UPDATE SET
                secret_sha256 = excluded.secret_sha256, previous_sha256 = NULL, previous_valid_until = NULL,
                name = excluded.name, owner_id = NULL, scopes = excluded.scopes, addresses = '{}', expires_at = NULL
            RETURNING k.is_enabled
            """);
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(new() { Value = key.SecretHash });
        command.Parameters.Add(new() { Value = key.Name });
        command.Parameters.Add(new() { Value = key.Scopes.ToArray() });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Records the last uses of keys, in one statement.</summary>
    /// <param name="ids">The keys.</param>
    /// <param name="secondsAgo">For each key, the time since its last use.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task RecordUsesAsync(string[] ids, double[] secondsAgo, CancellationToken cancellationToken)
    {
        // In the order of the ids, as every statement that locks several keys, so that none waits for another in a ring.
        await using var command = database.CreateCommand(
            """
            WITH used AS MATERIALIZED (
                SELECT k.key_id, now() - make_interval(secs => u.ago) AS at
                FROM unnest($1::text[], $2::float8[]) AS u (id, ago) JOIN api_keys k ON k.key_id = u.id
                ORDER BY k.key_id FOR UPDATE OF k
            )
            UPDATE api_keys k SET last_used_at = used.at FROM used
            WHERE k.key_id = used.key_id AND (k.last_used_at IS NULL OR k.last_used_at < used.at)
            """);
        command.Parameters.Add(new() { Value = ids });
        command.Parameters.Add(new() { Value = secondsAgo });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads an enabled key with the hashes of its secrets.</summary>
    internal async Task<ApiKey?> OpenAsync(string id, CancellationToken cancellationToken)
    {
        // From before the look-up, which may see the row as it was at that time.
        var readAt = time.GetTimestamp();
        await using var command = database.CreateCommand(
            """
            SELECT owner_id, scopes, addresses, secret_sha256, expires_at - now(), previous_sha256, previous_valid_until - now()
            FROM api_keys WHERE key_id = $1 AND is_enabled
            """);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        return new ApiKey(
            id,
            reader.IsDBNull(0) ? null : new OwnerId(reader.GetString(0)),
            ApiScopeNames.Combine(reader.GetFieldValue<string[]>(1)),
            reader.GetFieldValue<byte[]>(3))
        {
            Addresses = Array.ConvertAll(reader.GetFieldValue<string[]>(2), IPNetwork.Parse),
            ValidFor = reader.IsDBNull(4) ? TimeSpan.MaxValue : reader.GetTimeSpan(4),
            PreviousHash = reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5),
            PreviousValidFor = reader.IsDBNull(6) ? TimeSpan.Zero : reader.GetTimeSpan(6),
            ReadAt = readAt,
        };
    }

    private async Task<ApiKeyChange> ChangeUnlessLastAdminAsync(string change, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"{OtherAdmins}, change AS ({change}) "
            + "SELECT EXISTS (SELECT FROM change), EXISTS (SELECT FROM api_keys WHERE key_id = $1), (SELECT may_go FROM target)");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (Changed: reader.GetBoolean(0), Existed: reader.GetBoolean(1), MayGo: reader.GetBoolean(2)) switch
        {
            { Changed: true } => ApiKeyChange.Done,
            { Existed: true, MayGo: false } => ApiKeyChange.LastAdmin,
            _ => ApiKeyChange.NotFound,
        };
    }

    private static async Task<ApiKeyInfo?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static ApiKeyInfo Read(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.IsDBNull(2) ? null : new OwnerId(reader.GetString(2)),
        reader.GetFieldValue<string[]>(3),
        reader.GetFieldValue<string[]>(4),
        reader.GetBoolean(5),
        TimeAt(reader, 6),
        TimeAt(reader, 7),
        reader.GetFieldValue<DateTimeOffset>(8),
        reader.IsDBNull(9) ? null : reader.GetString(9),
        TimeAt(reader, 10));

    private static DateTimeOffset? TimeAt(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
