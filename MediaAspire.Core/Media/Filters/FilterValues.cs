using System.Collections.Immutable;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Filters;

/// <summary>Reads the values of conditions.</summary>
internal static class FilterValues
{
    private const int MaxText = 200;

    /// <summary>Reads the value of a condition.</summary>
    /// <param name="field">The field.</param>
    /// <param name="one">One of its operators.</param>
    /// <param name="input">The value as the client sent it.</param>
    /// <param name="expected">The description of the values that are possible.</param>
    /// <returns><see langword="null"/> when the value is not possible.</returns>
    public static object? Read(FilterField field, FilterOperators one, FilterInput input, out string expected)
    {
        switch (one)
        {
            case FilterOperators.Exists or FilterOperators.IsEmpty:
                expected = "true or false";
                return input.Flag;
            case FilterOperators.Match:
                return ReadMatch(input, out expected);
            default:
                return ReadCompared(field, input, out expected);
        }
    }

    /// <summary>Reads the text of a match, normalized.</summary>
    public static string? ReadMatch(FilterInput input, out string expected)
    {
        expected = $"1 to {MediaFilter.MaxMatchLength} characters that are not only blanks, without control characters";
        return MediaText.IsValid(input.Text, 1, MediaFilter.MaxMatchLength) && MediaText.Normalize(input.Text) is { Length: > 0 } text
            ? text
            : null;
    }

    /// <summary>Reads a list of texts, each once.</summary>
    /// <param name="input">The value as the client sent it.</param>
    /// <param name="normalize">True for tags, which are stored normalized.</param>
    /// <param name="expected">The description of the values that are possible.</param>
    public static ImmutableArray<string>? ReadTerms(FilterInput input, bool normalize, out string expected)
    {
        expected = $"1 to {MediaFilter.MaxTerms} texts of 1 to {MaxText} characters, separated by commas in a query string";
        if (input.List is not { Count: > 0 and <= MediaFilter.MaxTerms } list || !list.All(item => MediaText.IsValid(item, 1, MaxText)))
        {
            return null;
        }

        var terms = list.Select(item => normalize ? MediaText.Normalize(item) : item).Distinct(StringComparer.Ordinal);
        return terms.All(term => term.Length > 0) ? [.. terms] : null;
    }

    private static object? ReadCompared(FilterField field, FilterInput input, out string expected)
    {
        switch (field.Type)
        {
            case FieldType.Text:
                return ReadText(field, input, out expected);
            case FieldType.Number:
                expected = "a whole number";
                return input.Number;
            case FieldType.Time:
                expected = "a time such as 2026-11-30T12:00:00Z, with at most six digits of a second";
                return input.Time;
            case FieldType.Flag:
                expected = "true or false";
                return input.Flag;
            case FieldType.Id:
                expected = "the id of an item, such as 01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55";
                return MediaId.TryParse(input.Text, out var id) ? id.Value : null;
            case FieldType.Kind:
                expected = string.Join(", ", MediaKinds.Names);
                return MediaKinds.TryParse(input.Text, out var kind) ? kind : null;
            case FieldType.Status:
                expected = string.Join(", ", MediaStatuses.Names);
                return MediaStatuses.TryParse(input.Text, out var status) ? status : null;
            case FieldType.Set:
                return ReadTerms(input, field == FilterFields.Tags, out expected);
            default:
                expected = $"a number, or a text of at most {MaxText} characters without control characters";
                return input.Custom is { } operand && (operand.Text is null || MediaText.IsValid(operand.Text, 0, MaxText))
                    ? operand
                    : null;
        }
    }

    private static string? ReadText(FilterField field, FilterInput input, out string expected)
    {
        if (field == FilterFields.Owner)
        {
            expected = MediaOwner.Rule;
            return MediaOwner.TryParse(input.Text, out var owner) ? owner.Value : null;
        }

        if (field == FilterFields.Alias)
        {
            expected = MediaAlias.Rule;
            return MediaAlias.TryParse(input.Text, out var alias) ? alias.Value : null;
        }

        expected = $"1 to {MaxText} characters, without control characters";
        if (!MediaText.IsValid(input.Text, 1, MaxText))
        {
            return null;
        }

        return field == FilterFields.Name ? MediaText.Normalize(input.Text) : input.Text;
    }
}
