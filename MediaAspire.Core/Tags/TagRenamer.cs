using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media;

namespace MediaAspire.Core.Tags;

/// <summary>Renames and deletes tags over all items of an owner.</summary>
/// <remarks>
/// Up to <see cref="MaxAtOnce"/> items are changed at once, so that no reader sees some of them changed and others not. For more, a job
/// changes batches of that size one after the other. Immutable items are changed too: their tag has another name.
/// </remarks>
public sealed class TagRenamer(IMediaStore store, TagChanges changes, IJobQueue queue, TimeProvider time)
{
    /// <summary>The most items that are changed in one transaction.</summary>
    public const int MaxAtOnce = 500;

    /// <summary>Renames or deletes a tag.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="tag">The tag, normalized.</param>
    /// <param name="newTag">The new name, normalized; <see langword="null"/> deletes the tag.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The change, finished or under way; <see langword="null"/> when the owner has no such tag.</returns>
    /// <exception cref="JobQueueUnavailableException">The change is recorded, and the duty <c>tags</c> enqueues its job later.</exception>
    public async Task<TagChange?> ChangeAsync(MediaOwner owner, string tag, string? newTag, CancellationToken cancellationToken)
    {
        var items = await changes.ListItemsAsync(owner, tag, MaxAtOnce + 1, cancellationToken);
        var wasCreated = await changes.MoveCreatedAsync(owner, tag, newTag, cancellationToken);
        if (items.Count == 0 && !wasCreated)
        {
            return null;
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (items.Count <= MaxAtOnce)
        {
            var (now, done) = (time.GetUtcNow(), await ChangeItemsAsync(items, tag, newTag, cancellationToken));
            return new(id, owner, tag, newTag, items.Count, done, now, now);
        }

        var change = await changes.BeginAsync(id, owner, tag, newTag, cancellationToken);
        await queue.EnqueueAsync(new ApplyTagChange(id).ToJob(time), cancellationToken);
        return change;
    }

    /// <summary>Applies a change batch by batch, until no item has the tag. It may be called again, and at once.</summary>
    public async Task ApplyAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await changes.FindAsync(id, cancellationToken) is not { FinishedAt: null } change)
        {
            return;
        }

        while (await changes.ListItemsAsync(change.Owner, change.Tag, MaxAtOnce, cancellationToken) is { Count: > 0 } items)
        {
            var done = await ChangeItemsAsync(items, change.Tag, change.NewTag, cancellationToken);
            await changes.AdvanceAsync(id, done, isFinished: false, cancellationToken);
        }

        await changes.AdvanceAsync(id, 0, isFinished: true, cancellationToken);
    }

    /// <summary>Enqueues the jobs of changes that made no progress for some time.</summary>
    /// <returns>The number of jobs.</returns>
    public async Task<int> ResumeAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var stalled = await changes.ListStalledAsync(age, limit: 100, cancellationToken);
        foreach (var change in stalled)
        {
            await queue.EnqueueAsync(new ApplyTagChange(change.Id).ToJob(time), cancellationToken);
        }

        return stalled.Count;
    }

    /// <summary>Replaces a tag by another one, which an item has once; or removes it.</summary>
    internal static MediaItem Replace(MediaItem item, string tag, string? newTag)
    {
        var index = item.Tags.IndexOf(tag, 0, item.Tags.Length, StringComparer.Ordinal);
        if (index < 0)
        {
            return item;
        }

        var isOther = newTag is not null && !item.Tags.Contains(newTag, StringComparer.Ordinal);
        return item with { Tags = isOther ? item.Tags.SetItem(index, newTag!) : item.Tags.RemoveAt(index) };
    }

    private async Task<int> ChangeItemsAsync(
        IReadOnlyList<MediaId> ids, string tag, string? newTag, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return 0;
        }

        var outcome = await store.ChangeAsync(
            ids,
            set => new MediaDecision<bool>(true)
            {
                Changed =
                [
                    .. from item in set.Items.Values
                       let changed = Replace(item, tag, newTag)
                       where !ReferenceEquals(changed, item)
                       select changed,
                ],
            },
            cancellationToken);
        return outcome.Written.Length;
    }
}
