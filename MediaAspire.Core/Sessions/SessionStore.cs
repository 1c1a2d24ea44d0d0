using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Sessions;

/// <summary>The sessions that PostgreSQL knows, with the hashes of their tokens. Thread-safe.</summary>
public sealed class SessionStore(NpgsqlDataSource database, TimeProvider time)
{
    // A key or a person that signs in more often than this ends its oldest sessions.
    private const int MaxSessions = 100;

    /// <summary>Creates a session, and removes expired ones and those that are too many.</summary>
    /// <returns>The time of its expiry; <see langword="null"/> when the key does not exist any more.</returns>
    public Task<DateTimeOffset?> CreateAsync(
        SessionToken token, SignedInKey key, TimeSpan lifetime, CancellationToken cancellationToken) =>
        CreateAsync(token, key, person: null, lifetime, cancellationToken);

    /// <inheritdoc cref="CreateAsync(SessionToken, SignedInKey, TimeSpan, CancellationToken)"/>
    /// <exception cref="PostgresException">The owner does not exist (a foreign key is violated).</exception>
    public Task<DateTimeOffset?> CreateAsync(
        SessionToken token, SignedInPerson person, TimeSpan lifetime, CancellationToken cancellationToken) =>
        CreateAsync(token, key: null, person, lifetime, cancellationToken);

    /// <summary>Removes a session, if there is one.</summary>
    public async Task DeleteAsync(SessionToken token, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM console_sessions WHERE token_sha256 = $1");
        command.Parameters.Add(new() { Value = token.Bytes });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads a session that has not expired.</summary>
    internal async Task<Session?> OpenAsync(SessionToken token, CancellationToken cancellationToken)
    {
        // From before the look-up, which may see the row as it was at that time.
        var readAt = time.GetTimestamp();
        await using var command = database.CreateCommand(
            """
            SELECT coalesce(s.name, k.name), s.expires_at, s.expires_at - now(), s.key_id, s.secret_sha256, s.subject, s.owner_id, s.scopes
            FROM console_sessions s LEFT JOIN api_keys k USING (key_id)
            WHERE s.token_sha256 = $1 AND s.expires_at > now()
            """);
        command.Parameters.Add(new() { Value = token.Bytes });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var name = reader.GetString(0);
        var isKey = !reader.IsDBNull(3);
        return new Session(name, reader.GetFieldValue<DateTimeOffset>(1))
        {
            ValidFor = reader.GetTimeSpan(2),
            ReadAt = readAt,
            Key = isKey ? new(reader.GetString(3), reader.GetFieldValue<byte[]>(4)) : null,
            Person = isKey ? null : new(
                reader.GetString(5), name, reader.IsDBNull(6) ? null : new OwnerId(reader.GetString(6)), reader.GetFieldValue<string[]>(7)),
        };
    }

    private async Task<DateTimeOffset?> CreateAsync(
        SessionToken token, SignedInKey? key, SignedInPerson? person, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH expired AS (
                DELETE FROM console_sessions WHERE token_sha256 IN (
                    SELECT token_sha256 FROM console_sessions WHERE expires_at <= now() LIMIT 1000)
            ), surplus AS (
                DELETE FROM console_sessions WHERE token_sha256 IN (
                    SELECT token_sha256 FROM console_sessions WHERE key_id = $2 OR subject = $4
                    ORDER BY created_at DESC OFFSET {MaxSessions - 1})
            )
            INSERT INTO console_sessions (token_sha256, key_id, secret_sha256, subject, name, owner_id, scopes, expires_at)
            SELECT $1, $2, $3, $4, $5, $6, $7, now() + $8
            WHERE $2 IS NULL OR EXISTS (SELECT FROM api_keys WHERE key_id = $2 FOR KEY SHARE)
            RETURNING expires_at
            """);
        command.Parameters.Add(new() { Value = token.Bytes });
        command.Parameters.Add(NullableParameter.Text(key?.Id));
        command.Parameters.Add(new() { Value = (object?)key?.SecretHash ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea });
        command.Parameters.Add(NullableParameter.Text(person?.Subject));
        command.Parameters.Add(NullableParameter.Text(person?.Name));
        command.Parameters.Add(NullableParameter.Text(person?.Owner?.Value));
        command.Parameters.Add(new()
        {
            Value = (object?)person?.Scopes.ToArray() ?? DBNull.Value,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text,
        });
        command.Parameters.Add(new() { Value = lifetime });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime expiresAt ? new DateTimeOffset(expiresAt) : null;
    }
}
