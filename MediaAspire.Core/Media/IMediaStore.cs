using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>The store of items. Thread-safe.</summary>
/// <remarks>
/// An acknowledged change is on stable storage, and every later read on any replica sees it. Items in the trash are found by their ids, not
/// by their aliases. Every method throws the database's exception when it does not answer.
/// </remarks>
public interface IMediaStore
{
    /// <returns>The item; <see langword="null"/> when it does not exist.</returns>
    Task<MediaItem?> FindAsync(MediaId id, CancellationToken cancellationToken);

    /// <returns>The item; <see langword="null"/> when the owner has none of that alias.</returns>
    Task<MediaItem?> FindByAliasAsync(MediaOwner owner, MediaAlias mediaAlias, CancellationToken cancellationToken);

    /// <summary>Finds the ids of an owner's aliases. Aliases that the owner does not have are left out.</summary>
    Task<IReadOnlyDictionary<MediaAlias, MediaId>> FindAliasesAsync(
        MediaOwner owner, IReadOnlyCollection<MediaAlias> aliases, CancellationToken cancellationToken);

    /// <summary>Determines whether an owner has an item with an alias. In the trash none has.</summary>
    Task<bool> HasAliasesAsync(MediaOwner owner, CancellationToken cancellationToken);

    /// <summary>
    /// Locks items, lets a rule decide, and makes its decision durable in one transaction. The rule may run again after a deadlock: it
    /// changes nothing itself.
    /// </summary>
    /// <param name="ids">The items to lock; empty for a rule that only creates. Those that do not exist are missing in the set.</param>
    /// <param name="decide">The rule.</param>
    /// <param name="cancellationToken">Ends the call; the change is made or not.</param>
    Task<MediaOutcome<T>> ChangeAsync<T>(
        IReadOnlyCollection<MediaId> ids, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a rule decide on an item, and makes its decision durable if nothing has changed the item meanwhile. Otherwise the rule runs
    /// again, at last as in <see cref="ChangeAsync"/>. Without a lock, this costs about half.
    /// </summary>
    /// <param name="id">The item.</param>
    /// <param name="decide">The rule. It looks at the item alone, whose referrers it does not get, and changes nothing else.</param>
    /// <param name="cancellationToken">Ends the call; the change is made or not.</param>
    Task<MediaOutcome<T>> ChangeOneAsync<T>(
        MediaId id, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken);
}

/// <summary>The items that a rule may read and change.</summary>
/// <param name="Items">The locked items by their ids.</param>
/// <param name="Now">The database's time.</param>
public sealed record MediaSet(IReadOnlyDictionary<MediaId, MediaItem> Items, DateTimeOffset Now)
{
    /// <summary>Gets every item that refers to one of the locked ids, also those in the trash; they are not locked themselves.</summary>
    /// <remarks>
    /// An item that refers to others locked them when it was written, so that the list stays true until the change is made.
    /// </remarks>
    public IReadOnlyList<MediaReferrer> Referrers { get; init; } = [];

    /// <returns>The item; <see langword="null"/> when it does not exist.</returns>
    public MediaItem? Find(MediaId id) => Items.GetValueOrDefault(id);
}
