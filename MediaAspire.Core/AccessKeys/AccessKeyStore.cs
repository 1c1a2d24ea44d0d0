using Npgsql;

namespace MediaAspire.Core.AccessKeys;

/// <summary>The access keys that PostgreSQL knows, their secrets sealed.</summary>
/// <remarks>Every method is one round trip and one transaction.</remarks>
public sealed class AccessKeyStore(NpgsqlDataSource database, SecretSealer sealer)
{
    private const string Columns = "access_key_id, owner_id, display_name, is_enabled, k.created_at";
    private const string Source = "access_keys k JOIN owners USING (owner_id)";

    /// <summary>Creates an enabled key, and its owner if that does not exist; an existing owner gets the given name.</summary>
    /// <returns>The key; <see langword="null"/> when one of that id exists already, enabled or disabled.</returns>
    /// <exception cref="ArgumentException">Id, secret or owner are not of the form that <see cref="AccessKeyFormat"/> asks for.</exception>
    public async Task<AccessKeyInfo?> CreateAsync(NewAccessKey key, CancellationToken cancellationToken)
    {
        Check(key);
        await using var command = database.CreateCommand(
            """
            WITH owner AS (
                INSERT INTO owners AS o (owner_id, display_name)
                SELECT $2, $3 WHERE NOT EXISTS (SELECT FROM access_keys WHERE access_key_id = $1)
                ON CONFLICT (owner_id) DO UPDATE SET display_name = excluded.display_name WHERE o.display_name <> excluded.display_name
            )
            INSERT INTO access_keys (access_key_id, owner_id, sealed_secret, secrets_key_id)
            VALUES ($1, $2, $4, $5)
            ON CONFLICT (access_key_id) DO NOTHING
            RETURNING access_key_id, owner_id, $3, is_enabled, created_at
            """);
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(new() { Value = key.Owner.Id });
        command.Parameters.Add(new() { Value = key.Owner.DisplayName });
        command.Parameters.Add(new() { Value = sealer.Seal(key.Id, key.Secret) });
        command.Parameters.Add(new() { Value = sealer.KeyId });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Finds a key, enabled or not.</summary>
    public async Task<AccessKeyInfo?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM {Source} WHERE access_key_id = $1");
        command.Parameters.Add(new() { Value = id });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Lists keys, enabled or not, in the order of their ids.</summary>
    /// <param name="after">Only keys with greater ids.</param>
    /// <param name="limit">Most keys returned.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<AccessKeyInfo>> ListAsync(string after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM {Source} WHERE access_key_id > $1 ORDER BY access_key_id LIMIT $2");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<AccessKeyInfo>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(Read(reader));
        }

        return keys;
    }

    /// <summary>Has requests signed with the key taken or refused; see <see cref="AccessKeyOptions.KeysCachedFor"/> for when.</summary>
    /// <returns>The key as it is now; <see langword="null"/> when it does not exist.</returns>
    public async Task<AccessKeyInfo?> SetEnabledAsync(string id, bool isEnabled, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE access_keys k SET is_enabled = $2 FROM owners o WHERE access_key_id = $1 AND o.owner_id = k.owner_id
            RETURNING access_key_id, k.owner_id, display_name, is_enabled, k.created_at
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = isEnabled });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Deletes a key. The buckets and objects of its owner are kept.</summary>
    /// <returns><see langword="true"/> when it existed.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM access_keys WHERE access_key_id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Opens an enabled key.</summary>
    /// <exception cref="SealedSecretException">The secret in the row cannot be opened.</exception>
    internal async Task<AccessKey?> OpenAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT owner_id, display_name, secrets_key_id, sealed_secret FROM {Source} WHERE access_key_id = $1 AND is_enabled");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new AccessKey(
                id, reader.GetString(0), reader.GetString(1), sealer.Open(id, reader.GetString(2), reader.GetFieldValue<byte[]>(3)))
            : null;
    }

    /// <summary>
    /// Gives a key a secret, sealed under this process's secrets key, and an owner with its name; creates what does not exist.
    /// </summary>
    /// <returns><see langword="true"/> when requests signed with it are accepted: a disabled key stays disabled.</returns>
    internal async Task<bool> PutAsync(NewAccessKey key, CancellationToken cancellationToken)
    {
        Check(key);
        await using var command = database.CreateCommand(
            """
            WITH owner AS (
                INSERT INTO owners AS o (owner_id, display_name) VALUES ($2, $3)
                ON CONFLICT (owner_id) DO UPDATE SET display_name = excluded.display_name WHERE o.display_name <> excluded.display_name
            )
            INSERT INTO access_keys AS k (access_key_id, owner_id, sealed_secret, secrets_key_id)
            VALUES ($1, $2, $4, $5)
            ON CONFLICT (access_key_id) DO UPDATE SET
                owner_id = excluded.owner_id, sealed_secret = excluded.sealed_secret, secrets_key_id = excluded.secrets_key_id
            RETURNING k.is_enabled
            """);
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(new() { Value = key.Owner.Id });
        command.Parameters.Add(new() { Value = key.Owner.DisplayName });
        command.Parameters.Add(new() { Value = sealer.Seal(key.Id, key.Secret) });
        command.Parameters.Add(new() { Value = sealer.KeyId });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static void Check(NewAccessKey key)
    {
        if (!AccessKeyFormat.IsId(key.Id) || !AccessKeyFormat.IsSecret(key.Secret)
            || !AccessKeyFormat.IsOwnerId(key.Owner.Id) || !AccessKeyFormat.IsDisplayName(key.Owner.DisplayName))
        {
            throw new ArgumentException("The key's id, secret, owner or name is not valid.", nameof(key));
        }
    }

    private static async Task<AccessKeyInfo?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static AccessKeyInfo Read(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        new AccessKeyOwner(reader.GetString(1), reader.GetString(2)),
        reader.GetBoolean(3),
        reader.GetFieldValue<DateTimeOffset>(4));
}
