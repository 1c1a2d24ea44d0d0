using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>Short forms of the calls of a store.</summary>
internal static class MediaStoreCalls
{
    public static async Task<MediaItem> CreateAsync(this IMediaStore store, MediaItem item) => Assert.Single((await store.ChangeAsync(
        [], _ => new MediaDecision<int>(0) { Created = [item] }, CancellationToken.None)).Written);

    public static async Task<MediaItem> ChangeAsync(this IMediaStore store, MediaId id, Func<MediaItem, MediaItem> change) =>
        Assert.Single((await store.ChangeAsync(
            [id], set => new MediaDecision<int>(0) { Changed = [change(set.Find(id)!)] }, CancellationToken.None)).Written);

    public static Task DescribeAsync(this IMediaStore store, MediaId id, string description) =>
        store.ChangeAsync(id, item => item with { Description = description });

    public static Task DeleteAsync(this IMediaStore store, MediaId id) => store.ChangeAsync(
        [id], _ => new MediaDecision<int>(0) { Deleted = [id] }, CancellationToken.None);

    public static async Task<string?> ReadAsync(this IMediaStore store, MediaId id) =>
        (await store.FindAsync(id, CancellationToken.None))?.Description;
}
