using MediaAspire.Core.Caching;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The owners of access keys, buckets and objects.</summary>
/// <remarks>Thread-safe. A name may be a minute old.</remarks>
internal sealed class S3Owners(OwnerStore owners, TimeProvider time) : IS3Owners
{
    // A listing names the same few owners over and over.
    private readonly ExpiringCache<string, S3Owner> _owners = new(capacity: 10_000, TimeSpan.FromMinutes(1), time, StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<S3Owner> FindAsync(string ownerId, CancellationToken cancellationToken) =>
        await FindKnownAsync(ownerId, cancellationToken) ?? new S3Owner(ownerId, ownerId);

    /// <inheritdoc/>
    public ValueTask<S3Owner?> FindKnownAsync(string ownerId, CancellationToken cancellationToken) =>
        _owners.TryGet(ownerId, out var known)
            ? ValueTask.FromResult<S3Owner?>(known)
            : new(ReadAsync(ownerId, cancellationToken));

    private async Task<S3Owner?> ReadAsync(string ownerId, CancellationToken cancellationToken)
    {
        if (await owners.FindAsync(new OwnerId(ownerId), cancellationToken) is not { } found)
        {
            return null;
        }

        var owner = new S3Owner(found.Id.Value, found.DisplayName);
        _owners.Set(ownerId, owner);
        return owner;
    }
}
