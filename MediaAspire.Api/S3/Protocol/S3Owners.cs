using System.Collections.Concurrent;
using MediaAspire.Core.AccessKeys;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Knows owners by their access keys.</summary>
/// <remarks>Thread-safe. A name may be a minute old.</remarks>
internal sealed class S3Owners(AccessKeyStore keys, TimeProvider time) : IS3Owners
{
    // A listing names the same few owners over and over.
    private const int MaxCached = 10_000;

    private static readonly TimeSpan s_cachedFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (S3Owner Owner, long ReadAt)> _cached = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<S3Owner> FindAsync(string ownerId, CancellationToken cancellationToken) =>
        await FindKnownAsync(ownerId, cancellationToken) ?? new S3Owner(ownerId, ownerId);

    /// <inheritdoc/>
    public ValueTask<S3Owner?> FindKnownAsync(string ownerId, CancellationToken cancellationToken) =>
        _cached.TryGetValue(ownerId, out var known) && time.GetElapsedTime(known.ReadAt) < s_cachedFor
            ? ValueTask.FromResult<S3Owner?>(known.Owner)
            : new(ReadAsync(ownerId, cancellationToken));

    private async Task<S3Owner?> ReadAsync(string ownerId, CancellationToken cancellationToken)
    {
        if (await keys.FindOwnerAsync(ownerId, cancellationToken) is not { } found)
        {
            return null;
        }

        var owner = new S3Owner(found.Id, found.DisplayName);
        if (_cached.Count >= MaxCached)
        {
            _cached.Clear();
        }

        _cached[ownerId] = (owner, time.GetTimestamp());
        return owner;
    }
}
