using MediaAspire.Core.Caching;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.AccessKeys;

/// <summary>Finds keys as they were read within <see cref="AccessKeyOptions.KeysCachedFor"/>, else in the database.</summary>
/// <remarks>
/// Thread-safe. Only keys that exist are kept, so a sender of made-up ids fills no memory, and a new key works at once everywhere.
/// </remarks>
public sealed class AccessKeyCache(AccessKeyStore store, IOptions<AccessKeyOptions> options, TimeProvider time) : IAccessKeys
{
    private readonly ExpiringCache<string, AccessKey> _keys =
        new(capacity: 10_000, options.Value.KeysCachedFor, time, StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="SealedSecretException">The key's secret cannot be opened.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken) =>
        _keys.TryGet(accessKeyId, out var key) ? ValueTask.FromResult<AccessKey?>(key)
        : AccessKeyFormat.IsId(accessKeyId) ? new(ReadAsync(accessKeyId, cancellationToken))
        : ValueTask.FromResult<AccessKey?>(null);

    /// <inheritdoc/>
    public bool IsCached(string accessKeyId) => _keys.TryGet(accessKeyId, out _);

    /// <summary>Removes a key, so that its next use reads it again; for the process that changed it.</summary>
    public void Forget(string accessKeyId) => _keys.Remove(accessKeyId);

    private async Task<AccessKey?> ReadAsync(string accessKeyId, CancellationToken cancellationToken)
    {
        // Counted from before the look-up, which may see the row as it was at that time.
        var readAt = time.GetTimestamp();
        if (await store.OpenAsync(accessKeyId, cancellationToken) is { } key)
        {
            _keys.Set(accessKeyId, key, readAt);
            return key;
        }

        Forget(accessKeyId);
        return null;
    }
}
