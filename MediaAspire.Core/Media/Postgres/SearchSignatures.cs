using System.Collections.Immutable;
using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>Writes conditions on the signatures of entries, which the indexes of all orders have.</summary>
/// <remarks>An entry without the bits of a condition does not match. One that has them may match.</remarks>
internal static class SearchSignatures
{
    public const string Columns = "e.terms_low, e.terms_high, e.name_text, e.text_low, e.text_high";

    /// <summary>Writes what the signatures of matching items have.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="conditions">The conditions of it that are not known to hold.</param>
    /// <param name="parameters">The statement's parameters.</param>
    public static IEnumerable<string> Of(
        MediaFilter filter, IReadOnlyList<FieldCondition> conditions, SearchParameters parameters)
    {
        var needed = MediaSignature.Empty;
        var matched = filter.Match is { } match ? Alternatives(match.Text, match.Fields) : [];
        foreach (var alternatives in conditions.Select(Alternatives).Append(matched))
        {
            if (alternatives is [var one])
            {
                needed |= one;
            }
            else if (alternatives.Count > 0)
            {
                yield return $"({string.Join(" OR ", alternatives.Select(alternative => Has(alternative, parameters)))})";
            }
        }

        if (needed != MediaSignature.Empty)
        {
            yield return Has(needed, parameters);
        }
    }

    /// <summary>Writes that an entry has none of some tags, as far as its signature tells.</summary>
    public static string LacksAll(ImmutableArray<string> tags, SearchParameters parameters) =>
        $"NOT ({string.Join(" OR ", tags.Select(tag => Has(MediaSignature.OfTag(tag), parameters)))})";

    // The signatures of which a matching item has at least one; none where nothing is known.
    private static List<MediaSignature> Alternatives(FieldCondition condition)
    {
        var (field, value) = (condition.Field, condition.Value);
        if (condition.Operator == FilterOperators.Match)
        {
            return Alternatives((string)value, [field]);
        }

        if (condition.Operator != FilterOperators.Eq)
        {
            return [];
        }

        if (field == FilterFields.Name)
        {
            return [MediaSignature.OfName((string)value)];
        }

        if (field == FilterFields.Tags || field == FilterFields.Categories)
        {
            var terms = ((ImmutableArray<string>)value)
                .Select(term => field == FilterFields.Tags ? MediaSignature.OfTag(term) : MediaSignature.OfCategory(term));
            return [terms.Aggregate(MediaSignature.Empty, MediaSignature.BitwiseOr)];
        }

        return value is CustomOperand operand ? Custom(field.Name, operand) : [];
    }

    // A text that is too short for a signature leaves nothing to know.
    private static List<MediaSignature> Alternatives(string text, ImmutableArray<FilterField> fields)
    {
        var alternatives = new HashSet<MediaSignature>();
        foreach (var field in fields)
        {
            alternatives.Add(field == FilterFields.Name ? MediaSignature.OfNameText(text) : MediaSignature.OfText(text));
        }

        return alternatives.Contains(MediaSignature.Empty) ? [] : [.. alternatives];
    }

    private static List<MediaSignature> Custom(string name, CustomOperand operand)
    {
        var alternatives = new List<MediaSignature>();
        if (operand.Text is { } text)
        {
            alternatives.Add(MediaSignature.OfCustom(name, CustomValue.Of(text)));
        }

        if (operand.Number is { } number)
        {
            alternatives.Add(MediaSignature.OfCustom(name, CustomValue.Of(number)));
        }

        return alternatives;
    }

    private static string Has(MediaSignature signature, SearchParameters parameters)
    {
        var words = new[]
        {
            ("terms_low", signature.TermsLow), ("terms_high", signature.TermsHigh),
            ("name_text", signature.NameText), ("text_low", signature.TextLow), ("text_high", signature.TextHigh),
        };
        var bits = words.Where(word => word.Item2 != 0).Select(word => (word.Item1, Placeholder: parameters.Add(word.Item2)))
            .Select(word => $"e.{word.Item1} & {word.Placeholder} = {word.Placeholder}").ToList();
        return bits.Count == 0 ? "true" : $"({string.Join(" AND ", bits)})";
    }
}
