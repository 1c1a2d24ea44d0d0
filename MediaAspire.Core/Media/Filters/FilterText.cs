using System.Globalization;
using System.Text;

namespace MediaAspire.Core.Media.Filters;

/// <summary>The canonical text of a filter: two filters of the same conditions and order have the same.</summary>
internal static class FilterText
{
    public static string Canonical(MediaFilter filter)
    {
        var text = new StringBuilder();
        Append(text, filter.Order.Key.ToString());
        Append(text, filter.Order.Descending ? "-" : "+");
        Append(text, filter.IsTemporary ? "temp" : "");
        AppendAll(text, filter.Without);
        Append(text, filter.Match?.Text ?? "");
        AppendAll(text, filter.Match?.Fields.Select(field => field.Name) ?? []);
        foreach (var condition in filter.Conditions
            .OrderBy(condition => condition.Field.Name, StringComparer.Ordinal).ThenBy(condition => condition.Operator))
        {
            Append(text, condition.Field.Name);
            Append(text, condition.Operator.ToString());
            if (condition.Value is IEnumerable<string> values)
            {
                AppendAll(text, values);
            }
            else
            {
                Append(text, Format(condition.Value));
            }
        }

        return text.ToString();
    }

    private static void AppendAll(StringBuilder text, IEnumerable<string> values)
    {
        foreach (var value in values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Append(text, value);
        }

        text.Append(';');
    }

    // With their lengths, so that no two lists of values have one text.
    private static void Append(StringBuilder text, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{value.Length}:{value}");

    private static string Format(object value) => value switch
    {
        DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
        CustomOperand operand => $"{operand.Text?.Length}:{operand.Text}/{operand.Number?.ToString("R", CultureInfo.InvariantCulture)}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
