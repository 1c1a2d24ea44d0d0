using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.AccessKeys;

/// <summary>Finds keys by what was read of them within <see cref="AccessKeyOptions.KeysCachedFor"/>, else in the database.</summary>
/// <remarks>
/// Thread-safe. Only keys that exist are kept, so made-up ids fill no memory, and a new key works at once everywhere.
/// </remarks>
public sealed class AccessKeyCache(AccessKeyStore store, IOptions<AccessKeyOptions> options, TimeProvider time) : IAccessKeys
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="SealedSecretException">The key's secret cannot be opened.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken) =>
        _entries.TryGetValue(accessKeyId, out var entry) && time.GetElapsedTime(entry.ReadAt) < options.Value.KeysCachedFor
            ? ValueTask.FromResult<AccessKey?>(entry.Key)
            : AccessKeyFormat.IsId(accessKeyId) ? new(ReadAsync(accessKeyId, cancellationToken)) : ValueTask.FromResult<AccessKey?>(null);

    /// <summary>Has the key read again at its next use; for the process that changed it.</summary>
    public void Forget(string accessKeyId) => _entries.TryRemove(accessKeyId, out _);

    private async Task<AccessKey?> ReadAsync(string accessKeyId, CancellationToken cancellationToken)
    {
        // Counted from before the look-up, which may see the row as it is then.
        var readAt = time.GetTimestamp();
        if (await store.OpenAsync(accessKeyId, cancellationToken) is { } key)
        {
            _entries[accessKeyId] = new Entry(key, readAt);
            return key;
        }

        Forget(accessKeyId);
        return null;
    }

    private sealed record Entry(AccessKey Key, long ReadAt);
}
