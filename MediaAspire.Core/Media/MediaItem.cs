using System.Collections.Immutable;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>An item of the media catalog: metadata, and content of one or more parts.</summary>
/// <remarks>Rules are functions from one item to the next; a store makes the change durable.</remarks>
public sealed record MediaItem
{
    public required MediaId Id { get; init; }

    public required MediaOwner Owner { get; init; }

    public required MediaKind Kind { get; init; }

    public required MediaStatus Status { get; init; }

    /// <summary>Gets a value indicating whether anyone may read the item.</summary>
    public bool IsPublic { get; init; }

    /// <summary>
    /// Gets a value indicating whether the object store gives every object of a public item to anyone. Until then, and with stores that
    /// have no access control lists, downloads need presigned addresses.
    /// </summary>
    public bool HasPublicObjects { get; init; }

    /// <summary>Gets a value indicating whether lists leave the item out.</summary>
    public bool IsUnlisted { get; init; }

    /// <summary>Gets a value indicating whether the item is removed at <see cref="ExpiresAt"/>.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Gets a value indicating whether a public item is read by its id or alias only, and in no public list.</summary>
    public bool IsDirectOnly { get; init; }

    /// <summary>Gets a value indicating whether changes and removal are refused.</summary>
    public bool IsImmutable { get; init; }

    /// <summary>Gets the name, 1 to 75 characters.</summary>
    public required string Name { get; init; }

    public MediaAlias? Alias { get; init; }

    public string? Description { get; init; }

    public string? Website { get; init; }

    /// <summary>Gets the tags, normalized and each once, in the order in which they were added.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableArray<string> Categories { get; init; } = [];

    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Gets the application's fields by names that begin with <c>c_</c>.</summary>
    public ImmutableSortedDictionary<string, CustomValue> Custom { get; init; } = CustomValue.None;

    /// <summary>Gets the settings of a player, a JSON object; <see langword="null"/> for none.</summary>
    public string? Player { get; init; }

    /// <summary>Gets the width, in pixels; <see langword="null"/> when it is unknown.</summary>
    public int? Width { get; init; }

    /// <summary>Gets the height, in pixels; <see langword="null"/> when it is unknown.</summary>
    public int? Height { get; init; }

    /// <summary>Gets the item that this one was cloned from, which may be gone.</summary>
    public MediaId? Parent { get; init; }

    /// <summary>Gets the items that this one refers to.</summary>
    public ImmutableArray<MediaId> References { get; init; } = [];

    /// <summary>Gets what processing found in the content, a JSON object; <see langword="null"/> before it.</summary>
    public string? Details { get; init; }

    /// <summary>Gets the change to apply after processing, a JSON object; <see langword="null"/> for none.</summary>
    public string? Deferred { get; init; }

    /// <summary>Gets the last failure of processing; <see langword="null"/> after a success.</summary>
    public MediaFailure? Failure { get; init; }

    /// <summary>Gets the attempt at processing that runs; <see langword="null"/> while none does.</summary>
    public MediaAttempt? Attempt { get; init; }

    /// <summary>Gets the parts in the order of their numbers, at least one.</summary>
    public required ImmutableArray<MediaPart> Parts { get; init; }

    /// <summary>Gets the sum of the parts' sizes, in bytes.</summary>
    public long Size => Parts.Sum(part => part.Size);

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the time of the last change, by the database's clock.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Gets the time when the last part was verified.</summary>
    public DateTimeOffset? UploadedAt { get; init; }

    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Gets the time when a pending or temporary item is removed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the time when the item was moved to the trash; <see langword="null"/> for one that is not in it.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>Gets the number of the item's state, from 1. The store counts it with each change.</summary>
    public long Version { get; init; }
}

/// <summary>The failure of an item's processing.</summary>
/// <param name="Code">A stable name in kebab-case.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Count">The number of failures since the last success.</param>
public sealed record MediaFailure(string Code, string Message, int Count);
