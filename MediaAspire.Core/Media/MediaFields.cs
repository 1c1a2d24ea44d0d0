using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>The rules for the fields of an item that clients set. They are the same for a new item and for a change.</summary>
public static partial class MediaFields
{
    public const int MaxNameLength = 75;
    public const int MaxDescriptionLength = 20_000;
    public const int MaxWebsiteLength = 2_048;
    public const int MaxCategories = 500;
    public const int MaxCategoryLength = 50;
    public const int MaxCapabilities = 32;
    public const int MaxCapabilityLength = 32;
    public const int MaxCustomFields = 64;
    public const int MaxCustomTextLength = 262_144;
    public const int MaxPixels = 1_000_000;
    public const int MaxReferences = 50;

    public const string AliasEmpty = "alias-empty";

    /// <summary>Checks the fields that a client sent.</summary>
    /// <param name="input">The fields.</param>
    /// <param name="change">The checked values. A rule for a new item requires its <see cref="MediaChange.Name"/>.</param>
    /// <param name="fault">The first field that breaks its rule.</param>
    public static bool TryParse(
        MediaFieldInput input, [NotNullWhen(true)] out MediaChange? change, [NotNullWhen(false)] out FieldFault? fault)
    {
        change = null;
        fault = CheckName(input.Name) ?? CheckDescription(input.Description) ?? CheckWebsite(input.Website) ?? CheckSize(input);
        if (fault is not null
            || !TryAlias(input.Alias, out var alias, out fault)
            || !TryTags(input.Tags, out var tags, out fault)
            || !TryNames("categories", input.Categories, MaxCategories, MaxCategoryLength, out var categories, out fault)
            || !TryNames("capabilities", input.Capabilities, MaxCapabilities, MaxCapabilityLength, out var capabilities, out fault)
            || !TryCustom(input.Custom, out var custom, out fault)
            || !TryPlayer(input.Player, out var player, out fault)
            || !TryReferences(input.References, out var references, out fault))
        {
            return false;
        }

        change = new MediaChange
        {
            Name = input.Name,
            Alias = alias,
            Description = input.Description is { } description ? new FieldValue<string?>(TrimmedOrNull(description)) : null,
            Website = input.Website is { } website ? new FieldValue<string?>(TrimmedOrNull(website)) : null,
            Tags = tags,
            Categories = categories,
            Capabilities = capabilities,
            Custom = custom,
            Player = player,
            Dimensions = input is { Width: { } width, Height: { } height } ? (width, height) : null,
            References = references,
            IsDirectOnly = input.DirectOnly,
            IsImmutable = input.Immutable,
        };
        return true;
    }

    private static FieldFault? CheckName(string? name) =>
        name is null || MediaText.IsValid(name, 1, MaxNameLength) && MediaText.Normalize(name).Length > 0
            ? null
            : FieldFault.Of("name", "must have 1 to 75 characters, not only blanks, and no control characters");

    private static FieldFault? CheckDescription(string? description) =>
        description is null || MediaText.IsStorable(description) && LengthOf(description) <= MaxDescriptionLength
            ? null
            : FieldFault.Of("description", "may have at most 20,000 characters, and no NUL");

    private static FieldFault? CheckWebsite(string? website)
    {
        var text = website?.Trim();
        return string.IsNullOrEmpty(text)
            || MediaText.IsValid(text, 1, MaxWebsiteLength)
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && Uri.IsWellFormedUriString(uri.AbsoluteUri, UriKind.Absolute)
                ? null
                : FieldFault.Of("website", "must be a URL that begins with http:// or https://, of at most 2,048 characters, or empty");
    }

    private static FieldFault? CheckSize(MediaFieldInput input) =>
        input is { Width: null, Height: null } or { Width: >= 1 and <= MaxPixels, Height: >= 1 and <= MaxPixels }
            ? null
            : FieldFault.Of(input.Width is null ? "height" : "width", "must come together with the other dimension, each 1 to 1,000,000");

    private static bool TryAlias(
        string? text, out FieldValue<MediaAlias?>? value, [NotNullWhen(false)] out FieldFault? fault)
    {
        value = null;
        fault = null;
        if (text is null)
        {
            return true;
        }

        if (text.Length == 0)
        {
            value = new FieldValue<MediaAlias?>(null);
            return true;
        }

        if (MediaAlias.TryParse(text, out var alias))
        {
            value = new FieldValue<MediaAlias?>(alias);
            return true;
        }

        fault = text.AsSpan().Trim(' ').IsEmpty
            ? new FieldFault(AliasEmpty, "alias", "consists of blanks; send \"\" to clear the alias")
            : FieldFault.Of("alias", $"must be {MediaAlias.Rule}, or empty");
        return false;
    }

    private static bool TryTags(
        IReadOnlyList<string?>? texts, out ImmutableArray<string>? tags, [NotNullWhen(false)] out FieldFault? fault)
    {
        tags = null;
        fault = null;
        if (texts is null)
        {
            return true;
        }

        var isValid = MediaTags.TryParse(texts, out var parsed, out fault);
        tags = parsed;
        return isValid;
    }

    private static bool TryNames(
        string field,
        IReadOnlyList<string?>? texts,
        int maxCount,
        int maxLength,
        out ImmutableArray<string>? names,
        [NotNullWhen(false)] out FieldFault? fault)
    {
        fault = texts is null || texts.Count <= maxCount && texts.All(text => MediaText.IsValid(text, 1, maxLength))
            ? null
            : FieldFault.Of(field, $"may contain at most {maxCount} texts of 1 to {maxLength} characters, without control characters");
        names = fault is null && texts is not null ? [.. texts.Distinct(StringComparer.Ordinal)!] : null;
        return fault is null;
    }

    private static bool TryCustom(
        IReadOnlyDictionary<string, JsonElement>? fields,
        out ImmutableSortedDictionary<string, CustomValue?>? custom,
        [NotNullWhen(false)] out FieldFault? fault)
    {
        custom = null;
        fault = null;
        if (fields is null)
        {
            return true;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, CustomValue?>(StringComparer.Ordinal);
        foreach (var (name, element) in fields)
        {
            if (!CustomName().IsMatch(name))
            {
                fault = FieldFault.Of("custom", "must have names of c_ and 1 to 62 letters, digits and the characters _ . -");
                return false;
            }

            if (!TryCustomValue(element, out var value))
            {
                fault = FieldFault.Of("custom." + name, "must be a finite number, or a text of at most 262,144 characters without NUL");
                return false;
            }

            values[name] = value;
        }

        fault = values.Count > MaxCustomFields ? FieldFault.Of("custom", $"may have at most {MaxCustomFields} fields") : null;
        custom = values.ToImmutable();
        return fault is null;
    }

    private static bool TryCustomValue(JsonElement element, out CustomValue? value)
    {
        value = null;
        if (element.ValueKind == JsonValueKind.Number)
        {
            var isFinite = element.TryGetDouble(out var number) && double.IsFinite(number);
            value = isFinite ? CustomValue.Of(number) : null;
            return isFinite;
        }

        if (element.ValueKind != JsonValueKind.String || !TryGetText(element, out var text) || !MediaText.IsStorable(text))
        {
            return false;
        }

        value = text.Length == 0 ? null : CustomValue.Of(text);
        return LengthOf(text) <= MaxCustomTextLength;
    }

    private static bool TryGetText(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate.
            text = null;
            return false;
        }
    }

    private static bool TryPlayer(JsonElement? settings, out string? player, [NotNullWhen(false)] out FieldFault? fault)
    {
        var isValid = settings is not { } value || PlayerSettings.IsValid(value);
        player = isValid ? settings?.GetRawText() : null;
        fault = isValid ? null : FieldFault.Of("player", $"must be {PlayerSettings.Rule}");
        return isValid;
    }

    private static bool TryReferences(
        IReadOnlyList<string?>? texts, out ImmutableArray<MediaId>? references, [NotNullWhen(false)] out FieldFault? fault)
    {
        references = null;
        fault = null;
        if (texts is null)
        {
            return true;
        }

        var ids = new List<MediaId>();
        foreach (var text in texts)
        {
            if (ids.Count == MaxReferences || !MediaId.TryParse(text, out var id))
            {
                fault = FieldFault.Of("references", $"must contain at most {MaxReferences} ids of media");
                return false;
            }

            ids.Add(id);
        }

        references = [.. ids.Distinct()];
        return true;
    }

    private static string? TrimmedOrNull(string text) => text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    private static int LengthOf(string text) => text.EnumerateRunes().Count();

    [GeneratedRegex(@"\Ac_[A-Za-z0-9_.-]{1,62}\z")]
    private static partial Regex CustomName();
}
