using System.Collections.Immutable;

namespace MediaAspire.Core.Media.Lifecycle;

/// <summary>The rules by which items end: pending and temporary ones at their time, those in the trash after its retention.</summary>
public static class MediaExpiry
{
    // A large object is hashed for long, and its job is put in again when it is lost.
    private static readonly TimeSpan s_hashingTime = TimeSpan.FromDays(1);

    /// <summary>Deletes those of the locked items whose time has come and that are not in the trash.</summary>
    public static MediaDecision<ImmutableArray<MediaItem>> Expire(MediaSet set) => Delete(set, item => IsExpired(item, set.Now));

    /// <summary>Deletes those of the locked items that have been in the trash for its retention.</summary>
    public static MediaDecision<ImmutableArray<MediaItem>> Empty(MediaSet set, TimeSpan retention) =>
        Delete(set, item => item.RemovedAt is { } removed && removed + retention <= set.Now);

    // An item that was finished or restored meanwhile stays.
    private static bool IsExpired(MediaItem item, DateTimeOffset now)
    {
        if (item.RemovedAt is not null || item.ExpiresAt is not { } end)
        {
            return false;
        }

        return item.Status == MediaStatus.Pending
            ? end <= now && (end + s_hashingTime <= now || item.Parts.All(part => part.State != MediaPartState.Verifying))
            : item.IsTemporary && end <= now;
    }

    private static MediaDecision<ImmutableArray<MediaItem>> Delete(MediaSet set, Func<MediaItem, bool> isDue)
    {
        ImmutableArray<MediaItem> due = [.. set.Items.Values.Where(isDue)];
        return new(due) { Deleted = [.. due.Select(item => item.Id)] };
    }
}
