using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Media;

/// <summary>The rules for tags.</summary>
public static class MediaTags
{
    /// <summary>The most tags of an item.</summary>
    public const int MaxCount = 20;

    public const int MaxLength = 20;

    public const string Rule = "1 to 20 characters, without commas and control characters";

    // A text of more characters is refused before it is normalized.
    private const int MaxSentLength = 200;

    /// <summary>Normalizes a tag: trimmed, lower-cased and in NFKC. Its length counts after that.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? tag)
    {
        tag = MediaText.IsValid(text, 1, MaxSentLength) ? MediaText.Normalize(text) : null;
        if (tag is not null && tag.Contains(',', StringComparison.Ordinal) || !MediaText.IsValid(tag, 1, MaxLength))
        {
            tag = null;
        }

        return tag is not null;
    }

    /// <summary>Normalizes tags and leaves out those that are there already; at most <see cref="MaxCount"/> different ones.</summary>
    public static bool TryParse(
        IReadOnlyList<string?> texts, out ImmutableArray<string> tags, [NotNullWhen(false)] out FieldFault? fault)
    {
        tags = [];
        fault = null;
        foreach (var text in texts)
        {
            if (!TryParse(text, out var tag))
            {
                fault = FieldFault.Of("tags", $"must contain tags of {Rule}");
                return false;
            }

            tags = Union(tags, [tag]);
            if (tags.Length > MaxCount)
            {
                fault = FieldFault.Of("tags", $"must contain at most {MaxCount} different tags");
                return false;
            }
        }

        return true;
    }

    /// <summary>Appends those tags that are not there yet, in their order.</summary>
    public static ImmutableArray<string> Union(ImmutableArray<string> tags, ImmutableArray<string> added) =>
        tags.AddRange(added.Where(tag => !tags.Contains(tag, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal));
}
