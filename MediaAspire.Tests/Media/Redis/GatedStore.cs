using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>A store that lets a test do something at a point of a call.</summary>
internal sealed class GatedStore(IMediaStore store) : IMediaStore
{
    /// <summary>Gets or sets what happens after an item was read, before the caller has it. Happens once.</summary>
    public Func<Task>? AfterFind { get; set; }

    /// <summary>Gets or sets what happens before a change begins. Happens once.</summary>
    public Func<Task>? BeforeChange { get; set; }

    /// <summary>Gets or sets what happens after a change was committed, before the caller knows. Happens once.</summary>
    public Func<Task>? AfterChange { get; set; }

    public async Task<MediaItem?> FindAsync(MediaId id, CancellationToken cancellationToken)
    {
        var item = await store.FindAsync(id, cancellationToken);
        var then = AfterFind;
        AfterFind = null;
        await (then?.Invoke() ?? Task.CompletedTask);
        return item;
    }

    public Task<MediaItem?> FindByAliasAsync(MediaOwner owner, MediaAlias mediaAlias, CancellationToken cancellationToken) =>
        store.FindByAliasAsync(owner, mediaAlias, cancellationToken);

    public Task<IReadOnlyDictionary<MediaAlias, MediaId>> FindAliasesAsync(
        MediaOwner owner, IReadOnlyCollection<MediaAlias> aliases, CancellationToken cancellationToken) =>
        store.FindAliasesAsync(owner, aliases, cancellationToken);

    public Task<bool> HasAliasesAsync(MediaOwner owner, CancellationToken cancellationToken) =>
        store.HasAliasesAsync(owner, cancellationToken);

    public Task<MediaOutcome<T>> ChangeAsync<T>(
        IReadOnlyCollection<MediaId> ids, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken) =>
        ChangeAsync(() => store.ChangeAsync(ids, decide, cancellationToken));

    public Task<MediaOutcome<T>> ChangeOneAsync<T>(
        MediaId id, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken) =>
        ChangeAsync(() => store.ChangeOneAsync(id, decide, cancellationToken));

    private async Task<MediaOutcome<T>> ChangeAsync<T>(Func<Task<MediaOutcome<T>>> change)
    {
        var first = BeforeChange;
        BeforeChange = null;
        await (first?.Invoke() ?? Task.CompletedTask);
        var outcome = await change();
        var then = AfterChange;
        AfterChange = null;
        await (then?.Invoke() ?? Task.CompletedTask);
        return outcome;
    }
}
