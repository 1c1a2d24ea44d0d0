using MediaAspire.Core.Caching;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ApiKeys;

/// <summary>Finds keys as they were read within <see cref="ApiKeyOptions.KeysCachedFor"/>, else in the database.</summary>
/// <remarks>
/// Thread-safe. Ids without an enabled key are kept too, apart from the others, so that a sender of made-up ids does not push real keys
/// out. Few look-ups run at a time, so that such a sender cannot occupy the connections to the database either.
/// </remarks>
public sealed class ApiKeyCache : IDisposable
{
    private const int Capacity = 10_000;
    private const int MostLookUps = 4;

    private readonly ExpiringCache<string, ApiKey> _keys;
    private readonly ExpiringCache<string, bool> _missing;
    private readonly SemaphoreSlim _lookUps = new(MostLookUps);
    private readonly ApiKeyStore _store;
    private readonly TimeProvider _time;
    private long _changes;

    public ApiKeyCache(ApiKeyStore store, IOptions<ApiKeyOptions> options, TimeProvider time)
    {
        _store = store;
        _time = time;
        _keys = new(Capacity, options.Value.KeysCachedFor, time, StringComparer.Ordinal);
        _missing = new(Capacity, options.Value.KeysCachedFor, time, StringComparer.Ordinal);
    }

    /// <summary>Finds an enabled key.</summary>
    /// <returns><see langword="null"/> when it does not exist or is disabled.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public ValueTask<ApiKey?> FindAsync(string id, CancellationToken cancellationToken) =>
        TryFind(id, out var key) ? ValueTask.FromResult(key) : new(ReadAsync(id, cancellationToken));

    /// <summary>Determines whether an enabled key is cached.</summary>
    public bool IsCached(string id) => _keys.TryGet(id, out _);

    /// <summary>Removes a key, so that its next use reads it again; for the process that changed it.</summary>
    public void Forget(string id)
    {
        Interlocked.Increment(ref _changes);
        _keys.Remove(id);
        _missing.Remove(id);
    }

    public void Dispose() => _lookUps.Dispose();

    private bool TryFind(string id, out ApiKey? key)
    {
        if (_keys.TryGet(id, out var found))
        {
            key = found;
            return true;
        }

        key = null;
        return _missing.TryGet(id, out _);
    }

    private async Task<ApiKey?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        await _lookUps.WaitAsync(cancellationToken);
        try
        {
            // Another request may have read it meanwhile.
            if (TryFind(id, out var known))
            {
                return known;
            }

            var changes = Interlocked.Read(ref _changes);
            var readAt = _time.GetTimestamp();
            var key = await _store.OpenAsync(id, cancellationToken);
            if (key is null)
            {
                _keys.Remove(id);
                _missing.Set(id, true, readAt);
            }
            else
            {
                _missing.Remove(id);
                _keys.Set(id, key, key.ReadAt);
            }

            if (Interlocked.Read(ref _changes) != changes)
            {
                // It may have been read before the change, and kept after it.
                _keys.Remove(id);
                _missing.Remove(id);
            }

            return key;
        }
        finally
        {
            _lookUps.Release();
        }
    }
}
