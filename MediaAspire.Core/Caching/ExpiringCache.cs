using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Caching;

/// <summary>A bounded cache in this process whose entries expire.</summary>
/// <remarks>
/// Thread-safe. A hit allocates nothing. <c>Microsoft.Extensions.Caching.Memory</c> has no <see cref="TimeProvider"/> and boxes its keys. A
/// full cache drops its expired entries, or otherwise all of them: those in use return within a request each.
/// </remarks>
/// <param name="capacity">The number of entries, at least 1. Concurrent writers may exceed it by one each.</param>
/// <param name="lifetime">The time for which an entry is returned; an entry is never returned where it is zero.</param>
/// <param name="time">The clock.</param>
/// <param name="comparer">The comparer of keys; the default one when <see langword="null"/>.</param>
public sealed class ExpiringCache<TKey, TValue>(
    int capacity, TimeSpan lifetime, TimeProvider time, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new(comparer ?? EqualityComparer<TKey>.Default);

    /// <summary>Gets the number of entries, expired ones included.</summary>
    public int Count => _entries.Count;

    /// <summary>Finds an entry that has not expired.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_entries.TryGetValue(key, out var entry) && !IsExpired(entry))
        {
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Adds or replaces an entry.</summary>
    public void Set(TKey key, TValue value) => Set(key, value, time.GetTimestamp());

    /// <summary>Adds or replaces an entry.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="since">The timestamp of the clock from which the lifetime counts: that of before the value was read.</param>
    public void Set(TKey key, TValue value, long since)
    {
        if (_entries.Count >= capacity && !_entries.ContainsKey(key))
        {
            MakeRoom();
        }

        _entries[key] = new(value, since);
    }

    /// <summary>Removes an entry, if there is one.</summary>
    public void Remove(TKey key) => _entries.TryRemove(key, out _);

    private void MakeRoom()
    {
        foreach (var entry in _entries)
        {
            if (IsExpired(entry.Value))
            {
                _entries.TryRemove(entry);
            }
        }

        if (_entries.Count >= capacity)
        {
            _entries.Clear();
        }
    }

    private bool IsExpired(in Entry entry) => time.GetElapsedTime(entry.Since) >= lifetime;

    private readonly record struct Entry(TValue Value, long Since);
}
