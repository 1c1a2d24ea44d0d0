using System.Collections.Immutable;

namespace MediaAspire.Core.Media.Usage;

/// <summary>The items of an owner, or of all owners, as of one moment.</summary>
/// <param name="Kinds">The stored items of each kind that has any, in the order of the kinds.</param>
/// <param name="Pending">Items whose content is not complete, with the bytes that were declared.</param>
/// <param name="Trash">Removed items that can still be restored.</param>
public sealed record MediaUsage(ImmutableArray<MediaKindUsage> Kinds, MediaCount Pending, MediaCount Trash)
{
    /// <summary>Gets the stored items: their content is complete and verified, and they are not in the trash.</summary>
    public MediaCount Stored => Sum(kind => kind.Stored);

    /// <summary>Gets the public ones among the stored items.</summary>
    public MediaCount Public => Sum(kind => kind.Public);

    private MediaCount Sum(Func<MediaKindUsage, MediaCount> count) =>
        Kinds.Aggregate(default(MediaCount), (sum, kind) => sum + count(kind));
}

/// <summary>The stored items of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Stored">All of them.</param>
/// <param name="Public">The public ones among them.</param>
public sealed record MediaKindUsage(MediaKind Kind, MediaCount Stored, MediaCount Public);
