using System.Collections.Immutable;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>
/// Checked new values for fields of an item; <see langword="null"/> for a field that stays. Made by <see cref="MediaFields"/>.
/// </summary>
public sealed record MediaChange
{
    public string? Name { get; init; }

    public FieldValue<MediaAlias?>? Alias { get; init; }

    public FieldValue<string?>? Description { get; init; }

    public FieldValue<string?>? Website { get; init; }

    /// <summary>Gets the tags, normalized and each once. They replace the item's.</summary>
    public ImmutableArray<string>? Tags { get; init; }

    public ImmutableArray<string>? Categories { get; init; }

    public ImmutableArray<string>? Capabilities { get; init; }

    /// <summary>Gets the application's fields to set; <see langword="null"/> as a value removes the field.</summary>
    public ImmutableSortedDictionary<string, CustomValue?>? Custom { get; init; }

    /// <summary>Gets the player's settings to set, a JSON object; see <see cref="PlayerSettings.Merge"/>.</summary>
    public string? Player { get; init; }

    /// <summary>Gets the width and the height, in pixels.</summary>
    public (int Width, int Height)? Dimensions { get; init; }

    /// <summary>Gets the items that the item refers to. They replace the item's.</summary>
    public ImmutableArray<MediaId>? References { get; init; }

    public bool? IsDirectOnly { get; init; }

    public bool? IsImmutable { get; init; }
}

/// <summary>A new value for a field that may be empty.</summary>
/// <param name="Value">The value; <see langword="null"/> clears the field.</param>
public readonly record struct FieldValue<T>(T Value);

/// <summary>The reason why a field of a client is refused.</summary>
/// <param name="Code">A stable name in kebab-case.</param>
/// <param name="Field">The name of the field.</param>
/// <param name="Reason">The end of a sentence that begins with the field: “must be …”.</param>
public sealed record FieldFault(string Code, string Field, string Reason)
{
    public const string Invalid = "field-invalid";

    public static FieldFault Of(string field, string reason) => new(Invalid, field, reason);
}
