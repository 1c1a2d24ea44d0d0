using System.Collections.Immutable;
using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>Writes the conditions of filters as SQL.</summary>
internal static class SearchConditions
{
    /// <summary>The items that lists show, of the table <c>media</c> as <c>e</c>. Its indexes have the same words.</summary>
    public const string Shown = "e.removed_at IS NULL AND NOT e.is_unlisted AND NOT e.is_temporary";

    public const string Listed = $"e.status <> 1 AND {Shown}";

    /// <summary>Determines whether the table of listed items has the columns of a condition.</summary>
    public static bool IsInListing(FieldCondition condition) =>
        condition.Operator == FilterOperators.Match
        || condition.Field is var field
        && (field == FilterFields.Id || field == FilterFields.Owner || field == FilterFields.Public || field == FilterFields.Kind
            || field == FilterFields.Status || field == FilterFields.Name || field == FilterFields.Size || field == FilterFields.Width
            || field == FilterFields.Height || field == FilterFields.CreatedAt || field == FilterFields.UpdatedAt
            || field == FilterFields.Tags
            || field == FilterFields.Categories
            || (field == FilterFields.UploadedAt && condition.Operator is not (FilterOperators.Exists or FilterOperators.IsEmpty)));

    /// <summary>Determines whether the indexes of the orders have the columns of a condition.</summary>
    public static bool IsInIndexes(FieldCondition condition) =>
        condition.Field is var field
        && (field == FilterFields.Public || field == FilterFields.Kind || field == FilterFields.Size || field == FilterFields.Width
            || field == FilterFields.Height || field == FilterFields.CreatedAt);

    /// <summary>Determines whether a filter asks for a text within others.</summary>
    public static bool HasText(MediaFilter filter) =>
        filter.Match is not null || filter.Conditions.Any(condition => condition.Operator == FilterOperators.Match);

    /// <summary>Writes all conditions of a filter, those on texts as the indexes have them.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="table">The table whose alias is <c>e</c>; when it is that of listed items, <c>m</c> is <c>media</c>.</param>
    /// <param name="parameters">The statement's parameters.</param>
    public static IEnumerable<string> All(MediaFilter filter, SearchTable table, SearchParameters parameters) =>
        filter.Conditions.Select(condition => One(condition, table, "e", parameters)).Concat(Others(filter, parameters));

    /// <summary>Writes the conditions that are not on one field.</summary>
    public static IEnumerable<string> Others(MediaFilter filter, SearchParameters parameters)
    {
        if (!filter.Without.IsEmpty)
        {
            yield return $"NOT e.tags && {parameters.Add(filter.Without.ToArray())}";
        }

        if (filter.Match is { } match)
        {
            var pattern = parameters.Add(Pattern(match.Text));
            yield return $"({string.Join(" OR ", match.Fields.Select(field => $"{Part(field)} LIKE {pattern}"))})";
        }
    }

    /// <summary>Writes a condition on a field.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="table">The table of <paramref name="alias"/>.</param>
    /// <param name="alias">The alias of the table, or of rows that have the columns of the indexes.</param>
    /// <param name="parameters">The statement's parameters.</param>
    public static string One(FieldCondition condition, SearchTable table, string alias, SearchParameters parameters)
    {
        var (field, one, value) = (condition.Field, condition.Operator, condition.Value);
        if (one == FilterOperators.Match)
        {
            return $"{Part(field)} LIKE {parameters.Add(Pattern((string)value))}";
        }

        var owner = table == SearchTable.Listing && !IsInListing(condition) ? "m" : alias;
        return field.Type switch
        {
            FieldType.Custom => CustomConditions.Of(condition, $"{owner}.custom", parameters),
            FieldType.Set when one == FilterOperators.Eq =>
                $"{owner}.{field.Name} @> {parameters.Add(((ImmutableArray<string>)value).ToArray())}",
            FieldType.Set => $"{owner}.{field.Name} {(IsPresent(one, value) ? "<>" : "=")} '{{}}'",
            _ when field == FilterFields.References => References(one, value, owner, parameters),
            _ when field == FilterFields.Public => $"{alias}.access = {((bool)value ? 1 : 0)}",
            _ when field == FilterFields.Name => Name(one, (string)value, table, alias, parameters),
            _ => Compared($"{owner}.{Column(field)}", field.Type, one, value, parameters),
        };
    }

    /// <summary>Writes the pattern of a text that is somewhere in a value.</summary>
    public static string Pattern(string text) =>
        $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal)}%";

    /// <summary>Gets the SQL of a comparison.</summary>
    public static string Symbol(FilterOperators one) => one switch
    {
        FilterOperators.Eq => "=",
        FilterOperators.Ne => "IS DISTINCT FROM",
        FilterOperators.Gt => ">",
        FilterOperators.Gte => ">=",
        FilterOperators.Lt => "<",
        FilterOperators.Lte => "<=",
        _ => throw new ArgumentOutOfRangeException(nameof(one), one, "The operator does not compare."),
    };

    /// <summary>Determines whether <c>exists</c> or <c>isempty</c> asks for items that have the field.</summary>
    public static bool IsPresent(FilterOperators one, object value) => one == FilterOperators.Exists == (bool)value;

    private static string Compared(
        string column, FieldType type, FilterOperators one, object value, SearchParameters parameters) => one switch
        {
            FilterOperators.Exists or FilterOperators.IsEmpty when type == FieldType.Text =>
                $"coalesce({column}, '') {(IsPresent(one, value) ? "<>" : "=")} ''",
            FilterOperators.Exists or FilterOperators.IsEmpty => $"{column} IS {(IsPresent(one, value) ? "NOT " : "")}NULL",
            _ => $"{column} {Symbol(one)} {Operand(value, parameters)}",
        };

    // A status is a constant of the statement, because indexes have it among their conditions.
    private static string Operand(object value, SearchParameters parameters) => value switch
    {
        MediaStatus status => ((short)status).ToString(System.Globalization.CultureInfo.InvariantCulture),
        MediaKind kind => parameters.Add(MediaKinds.NameOf(kind)),
        _ => parameters.Add(value),
    };

    private static string Name(FilterOperators one, string value, SearchTable table, string alias, SearchParameters parameters)
    {
        if (one is FilterOperators.Eq or FilterOperators.Ne)
        {
            var all = parameters.Add(value);
            return table == SearchTable.Media ? $"{alias}.normal_name {Symbol(one)} {all}"
                : one == FilterOperators.Ne ? $"{Part(FilterFields.Name)} <> {all}"

                // Not the expression of the index of texts, which would read the lists of all the name's letters.
                : $"{alias}.name_key = {parameters.Add(MediaSearchText.NameKey(value))} AND ({Part(FilterFields.Name)} || '') = {all}";
        }

        return $"{SearchTables.Key(OrderKey.Name, table, alias)} {Symbol(one)} {parameters.Add(MediaSearchText.NameKey(value))}";
    }

    private static string References(
        FilterOperators one, object value, string owner, SearchParameters parameters) => one == FilterOperators.Eq
        ? $"{owner}.referenced <> '{{}}' AND {owner}.referenced @> {parameters.Add(new[] { (Guid)value })}"
        : $"{owner}.referenced {(IsPresent(one, value) ? "<>" : "=")} '{{}}'";

    // U+001F, MediaSearchText.Separator.
    private static string Part(FilterField field) =>
        $"split_part(e.search_text, U&'\\001F', {FilterFields.Matched.IndexOf(field) + 1})";

    private static int IndexOf(this IReadOnlyList<FilterField> fields, FilterField field)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i] == field)
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(field), field.Name, "The field is not one of a text match.");
    }

    private static string Column(FilterField field) => field.Name switch
    {
        "id" => "media_id",
        "directOnly" => "is_direct_only",
        "immutable" => "is_immutable",
        "parts" => "part_count",
        "parent" => "parent_id",
        "error" => "error_code",
        "createdAt" => "created_at",
        "updatedAt" => "updated_at",
        "uploadedAt" => "uploaded_at",
        "readyAt" => "ready_at",
        "expiresAt" => "expires_at",
        "owner" or "kind" or "status" or "alias" or "description" or "website" or "size" or "width" or "height" or "version" => field.Name,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Name, "The field has no column."),
    };
}
