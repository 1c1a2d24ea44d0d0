using System.Text.Json;

namespace MediaAspire.Core.Media;

/// <summary>The fields of an item as a client sent them, unchecked; <see langword="null"/> for a field that it did not send.</summary>
/// <remarks><see cref="MediaFields.TryParse"/> checks them. A new item and a change of an old one have the same fields and rules.</remarks>
public record MediaFieldInput
{
    public string? Name { get; init; }

    /// <summary>Gets the alias; an empty one clears the item's.</summary>
    public string? Alias { get; init; }

    /// <summary>Gets the description; an empty one clears the item's.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the website; an empty one clears the item's.</summary>
    public string? Website { get; init; }

    public IReadOnlyList<string?>? Tags { get; init; }

    public IReadOnlyList<string?>? Categories { get; init; }

    public IReadOnlyList<string?>? Capabilities { get; init; }

    /// <summary>Gets the application's fields. An empty text removes a field; fields that are not named stay.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }

    /// <summary>Gets settings of the player, a JSON object. Settings that are not named stay, and <c>null</c> removes one.</summary>
    public JsonElement? Player { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    /// <summary>Gets the ids of the items that the item refers to.</summary>
    public IReadOnlyList<string?>? References { get; init; }

    /// <summary>Gets a value indicating whether the item, when it is public, stays out of public lists.</summary>
    public bool? DirectOnly { get; init; }

    /// <summary>Gets a value indicating whether later changes and the removal are refused.</summary>
    public bool? Immutable { get; init; }
}
