using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Media;

/// <summary>The decision of a rule: its outcome, and the changes to make with it.</summary>
/// <param name="Outcome">The result for the caller; a refusal comes without changes.</param>
public sealed record MediaDecision<T>(T Outcome)
{
    /// <summary>Gets new items.</summary>
    public ImmutableArray<MediaItem> Created { get; init; } = [];

    /// <summary>Gets the next states of locked items.</summary>
    public ImmutableArray<MediaItem> Changed { get; init; } = [];

    /// <summary>Gets locked items to delete; objects that they alone hold are scheduled for deletion in the store.</summary>
    public ImmutableArray<MediaId> Deleted { get; init; } = [];

    /// <summary>Gets jobs that exist if the change is made.</summary>
    public ImmutableArray<NewJob> Jobs { get; init; } = [];
}

/// <summary>The result of a change.</summary>
/// <param name="Outcome">The rule's outcome; of no meaning after a conflict.</param>
/// <param name="Written">The created and changed items as they are stored now, with their versions.</param>
/// <param name="Conflict">
/// The item that has the alias which another was to get, so that nothing was changed; <see langword="null"/> for none.
/// </param>
public sealed record MediaOutcome<T>(T Outcome, ImmutableArray<MediaItem> Written, AliasConflict? Conflict);

/// <summary>An alias that is taken.</summary>
/// <param name="Owner">The owner of the item that has it.</param>
/// <param name="Id">The item that has it.</param>
public sealed record AliasConflict(MediaOwner Owner, MediaId Id);
