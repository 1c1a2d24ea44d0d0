using Npgsql;

namespace MediaAspire.Core.AccessKeys;

/// <summary>The secrets of access keys in the database, and the secrets keys that they are sealed under.</summary>
public sealed class SealedSecrets(NpgsqlDataSource database, SecretSealer sealer)
{
    /// <summary>Counts the access keys under each secrets key, the current one first.</summary>
    public async Task<IReadOnlyList<SecretsKeyUse>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT secrets_key_id, count(*) FROM access_keys GROUP BY secrets_key_id ORDER BY secrets_key_id");
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return
        [
            .. sealer.KeyIds.Concat(counts.Keys).Distinct(StringComparer.Ordinal).Select(id =>
                new SecretsKeyUse(id, id == sealer.KeyId, sealer.KeyIds.Contains(id), counts.GetValueOrDefault(id))),
        ];
    }

    /// <summary>Seals secrets that are under an old key under the current one, at most <paramref name="limit"/> of them.</summary>
    /// <param name="after">Only access keys with greater ids.</param>
    /// <param name="limit">The most access keys, in one transaction.</param>
    /// <param name="cancellationToken">Ends the call; the rows that are not committed stay as they were.</param>
    /// <returns>The number of resealed secrets, and the last id that was looked at; <see langword="null"/> at the end.</returns>
    /// <exception cref="SealedSecretException">A secret was changed from outside.</exception>
    public async Task<(int Resealed, string? Last)> ResealAsync(string after, int limit, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            """
            SELECT access_key_id, secrets_key_id, sealed_secret FROM access_keys
            WHERE secrets_key_id = ANY($1) AND access_key_id > $2 ORDER BY access_key_id LIMIT $3
            """);
        select.Parameters.Add(new() { Value = sealer.KeyIds.Where(id => id != sealer.KeyId).ToArray() });
        select.Parameters.Add(new() { Value = after });
        select.Parameters.Add(new() { Value = limit });
        string? last = null;
        await using var batch = database.CreateBatch();
        await using (var reader = await select.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                last = reader.GetString(0);
                batch.BatchCommands.Add(Update(last, reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
            }
        }

        return last is null ? (0, null) : (await batch.ExecuteNonQueryAsync(cancellationToken), last);
    }

    // Only if the secret is still the one that was read: a new secret of the same key must not be lost.
    private NpgsqlBatchCommand Update(string id, string keyId, byte[] sealedSecret) => new(
        "UPDATE access_keys SET sealed_secret = $2, secrets_key_id = $3 WHERE access_key_id = $1 AND sealed_secret = $4")
    {
        Parameters =
        {
            new() { Value = id },
            new() { Value = sealer.Seal(id, sealer.Open(id, keyId, sealedSecret)) },
            new() { Value = sealer.KeyId },
            new() { Value = sealedSecret },
        },
    };
}

/// <summary>A secrets key, and the number of access keys whose secrets are sealed under it.</summary>
/// <param name="Id">The name of the key, a digest of it.</param>
/// <param name="IsCurrent">A value indicating whether new secrets are sealed under it.</param>
/// <param name="IsReadable">A value indicating whether this process has it.</param>
/// <param name="AccessKeys">The number of access keys, enabled or not.</param>
public sealed record SecretsKeyUse(string Id, bool IsCurrent, bool IsReadable, long AccessKeys);
