using System.Collections.Immutable;

namespace MediaAspire.Core.Media.Lifecycle;

/// <summary>Removes items whose time is over. Their objects are scheduled for deletion in the same transactions.</summary>
public sealed class MediaEnds(IMediaStore store, MediaLifecycleQueries queries)
{
    /// <summary>Removes pending and temporary items at their end.</summary>
    /// <param name="pageSize">Items read at once.</param>
    /// <param name="batchSize">The most items of one transaction.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The number of items that were removed.</returns>
    public Task<long> ExpireAsync(int pageSize, int batchSize, CancellationToken cancellationToken) => RemoveAsync(
        after => queries.ListExpiredAsync(after, pageSize, cancellationToken), MediaExpiry.Expire, pageSize, batchSize, cancellationToken);

    /// <summary>Removes items that have been in the trash for its retention.</summary>
    /// <inheritdoc cref="ExpireAsync"/>
    public Task<long> EmptyTrashAsync(TimeSpan retention, int pageSize, int batchSize, CancellationToken cancellationToken) => RemoveAsync(
        after => queries.ListTrashAsync(retention, after, pageSize, cancellationToken), set => MediaExpiry.Empty(set, retention),
        pageSize, batchSize, cancellationToken);

    private async Task<long> RemoveAsync(
        Func<EndedMedia?, Task<IReadOnlyList<EndedMedia>>> list,
        Func<MediaSet, MediaDecision<ImmutableArray<MediaItem>>> decide,
        int pageSize,
        int batchSize,
        CancellationToken cancellationToken)
    {
        var removed = 0L;
        IReadOnlyList<EndedMedia> page = [];
        do
        {
            page = await list(page.Count == 0 ? null : page[^1]);

            // A transaction changes the quota of one owner: two with several owners could wait for each other.
            foreach (var batch in page.GroupBy(item => item.Owner).SelectMany(owner => owner.Chunk(batchSize)))
            {
                var outcome = await store.ChangeAsync([.. batch.Select(item => item.Id)], decide, cancellationToken);
                removed += outcome.Outcome.Length;
            }
        }
        while (page.Count == pageSize);

        return removed;
    }
}
