using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Shares;

/// <summary>A link by which anyone downloads an item until it expires.</summary>
/// <param name="Id">Its id, which opens nothing.</param>
/// <param name="Media">The item.</param>
/// <param name="Filename">The name under which browsers save the item; <see langword="null"/> for its own.</param>
/// <param name="CreatedAt">By the database's clock.</param>
/// <param name="CreatedBy">The key or the person that made it.</param>
/// <param name="ExpiresAt">The time from which it is refused.</param>
public sealed record MediaShare(
    Guid Id, MediaId Media, string? Filename, DateTimeOffset CreatedAt, string? CreatedBy, DateTimeOffset ExpiresAt);

/// <summary>A link with the item that it shows.</summary>
/// <param name="Share">The link.</param>
/// <param name="Name">The item's name.</param>
/// <param name="Owner">The item's owner.</param>
public sealed record SharedItem(MediaShare Share, string Name, MediaOwner Owner);
