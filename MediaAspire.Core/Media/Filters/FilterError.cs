namespace MediaAspire.Core.Media.Filters;

/// <summary>The reason why a filter is refused.</summary>
/// <param name="Code">A stable name in kebab-case.</param>
/// <param name="Field">The field as the client named it, shortened; <see langword="null"/> when it is about the whole.</param>
/// <param name="Message">A sentence for people with the value and the remedy.</param>
public sealed record FilterError(string Code, string? Field, string Message)
{
    private const int ShownCharacters = 80;

    public static FilterError UnknownField(string field) => new(
        "filter-field-unknown", Shorten(field),
        $"'{Shorten(field)}' is not a field of filters. Expected {string.Join(", ", FilterFields.All.Select(known => known.Name))}, "
        + "without, multi, temp, order, limit, cursor, offset or a field of yours that begins with c_.");

    public static FilterError InvalidOperator(string field, string name, FilterOperators allowed) => new(
        "filter-operator-invalid", Shorten(field),
        $"The field '{Shorten(field)}' does not have the operator '{Shorten(name)}'. It has "
        + $"{(allowed == FilterOperators.None ? "none" : string.Join(", ", FilterFields.NamesOf(allowed)))}.");

    public static FilterError InvalidValue(string field, string value, string expected) => new(
        "filter-value-invalid", Shorten(field), $"The value of '{Shorten(field)}' is '{Shorten(value)}'. Expected {expected}.");

    public static FilterError Repeated(string field) => new(
        "filter-repeated", Shorten(field), $"'{Shorten(field)}' is given twice with the same operator. Give it once.");

    public static FilterError TooMany(string field, int most, string things) => new(
        "filter-too-many", Shorten(field), $"'{Shorten(field)}' exceeds the limit of {most} {things}. Give fewer.");

    public static FilterError TooLarge(int maxBytes) => new(
        "filter-too-large", null, $"A filter has at most {maxBytes} bytes. Send a smaller one.");

    public static FilterError InvalidJson(string reason) => new(
        "filter-json-invalid", null, $"The filter is not a JSON object of fields: {Shorten(reason)}");

    public static FilterError InvalidCursor() => new(
        "cursor-invalid", "cursor",
        "The cursor is damaged, or of another filter or order. Use the cursor of the page before with the same filter and order, or none.");

    public static FilterError OffsetTooLarge(int most) => new(
        "offset-too-large", "offset", $"Pages by offset end at item {most}. Use the cursor instead of an offset.");

    public static FilterError OffsetWithCursor() => new(
        "filter-repeated", "offset", "A page begins at a cursor or at an offset, not at both. Leave one out.");

    private static string Shorten(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}
