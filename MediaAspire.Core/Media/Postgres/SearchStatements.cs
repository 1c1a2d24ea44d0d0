using MediaAspire.Core.Media.Filters;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>Composes the statements of searches; ADR 22 has the reasons and the plans.</summary>
internal static class SearchStatements
{
    /// <summary>The tables of <see cref="MediaRows.Columns"/> for the ids of a query that is named <c>page</c>.</summary>
    public const string PageSource =
        "page JOIN media m USING (media_id) JOIN media_parts p USING (media_id) JOIN media_objects o USING (object_key)";

    /// <summary>
    /// Determines whether few items match in any case, by an index of <c>media</c>: an id, an alias, a rare status, temporary items.
    /// </summary>
    public static bool IsNarrow(MediaFilter filter) =>
        filter.IsTemporary
        || filter.Equal(FilterFields.Id) is not null || filter.Equal(FilterFields.Alias) is not null
        || filter.Equal(FilterFields.Parent) is not null || filter.Equal(FilterFields.References) is not null
        || filter.Conditions.Any(IsRareStatus);

    /// <summary>Finds the page in all items, as PostgreSQL's planner chooses.</summary>
    public static NpgsqlBatchCommand Narrow(MediaQuery query)
    {
        var parameters = new SearchParameters();
        var table = SearchTable.Media;
        var conditions = Base(query.Filter).Concat(SearchConditions.All(query.Filter, table, parameters));
        var where = And(conditions, query, table, parameters);
        return Page(query, parameters, $"SELECT e.media_id, {Key(query, table)} AS k FROM media e WHERE {where}");
    }

    /// <summary>Finds every item that matches, by whatever indexes help, and sorts them.</summary>
    public static NpgsqlBatchCommand Gather(MediaQuery query)
    {
        var parameters = new SearchParameters();

        // Without OFFSET 0, the planner could walk the order's index after all, to its end.
        return Page(query, parameters, $"{Matching(query, parameters, withKey: true)} OFFSET 0");
    }

    /// <summary>Does the same, and gives up when more items match than a limit.</summary>
    /// <remarks>Each row ends with a column that tells whether the search was given up.</remarks>
    public static NpgsqlBatchCommand GatherFew(MediaQuery query, int limit)
    {
        var parameters = new SearchParameters();
        var (direction, most) = (Direction(query.Filter.Order), parameters.Add((long)limit));
        return Rows(
            query,
            parameters,
            $"""
            WITH matching AS MATERIALIZED ({Matching(query, parameters, withKey: true)} LIMIT {most} + 1)
            SELECT s.media_id, s.k, (SELECT count(*) FROM matching) > {most} AS is_more FROM matching s
            ORDER BY s.k {direction}, s.media_id {direction} LIMIT {query.Limit + 1}
            """,
            ", page.is_more");
    }

    /// <summary>Asks the planner how many items match, by its statistics.</summary>
    /// <remarks>The result is a JSON text.</remarks>
    public static NpgsqlBatchCommand Estimate(MediaQuery query)
    {
        var parameters = new SearchParameters();
        return parameters.Command($"EXPLAIN (FORMAT JSON) {Matching(query, parameters, withKey: false)}");
    }

    /// <summary>
    /// Determines whether the planner's estimate is of use: it knows little of texts within others and of applications' fields.
    /// </summary>
    public static bool IsEstimated(MediaFilter filter) => !SearchConditions.HasText(filter)
        && filter.Conditions.All(condition => condition.Field.Type != FieldType.Custom)
        && filter.Conditions.Any(condition => condition.Operator == FilterOperators.Eq && condition.Field != FilterFields.Owner);

    /// <summary>Finds the page at an offset.</summary>
    public static NpgsqlBatchCommand AtOffset(MediaQuery query)
    {
        var parameters = new SearchParameters();
        return Page(query, parameters, Matching(query, parameters, withKey: true));
    }

    /// <summary>Counts the items of a list, up to <see cref="MediaQuery.MaxOffset"/>.</summary>
    public static NpgsqlBatchCommand Count(MediaQuery query)
    {
        var parameters = new SearchParameters();
        return parameters.Command(
            $"SELECT count(*) FROM ({Matching(query, parameters, withKey: false)} LIMIT {MediaQuery.MaxOffset}) AS matching");
    }

    private static string Matching(MediaQuery query, SearchParameters parameters, bool withKey)
    {
        var filter = query.Filter;
        var table = IsNarrow(filter) ? SearchTable.Media : SearchTable.Listing;
        var conditions = SearchConditions.All(filter, table, parameters);
        var needsMedia = table == SearchTable.Listing && !filter.Conditions.All(SearchConditions.IsInListing);
        return $"""
            SELECT e.media_id{(withKey ? $", {Key(query, table)} AS k" : "")}
            FROM {SearchTables.NameOf(table)} e {(needsMedia ? "JOIN media m USING (media_id)" : "")}
            WHERE {And(table == SearchTable.Media ? Base(filter).Concat(conditions) : conditions, query, table, parameters)}
            """;
    }

    private static NpgsqlBatchCommand Page(MediaQuery query, SearchParameters parameters, string matching)
    {
        var direction = Direction(query.Filter.Order);
        return Rows(
            query,
            parameters,
            $"""
            SELECT s.media_id, s.k FROM ({matching}) AS s
            ORDER BY s.k {direction}, s.media_id {direction} LIMIT {query.Limit + 1} OFFSET {query.Offset ?? 0}
            """);
    }

    // The items are read in the same statement: no item that the page has can be gone.
    private static NpgsqlBatchCommand Rows(MediaQuery query, SearchParameters parameters, string page, string moreColumns = "")
    {
        var direction = Direction(query.Filter.Order);
        return parameters.Command(
            $"""
            WITH page AS MATERIALIZED ({page})
            SELECT {MediaRows.Columns}{moreColumns} FROM {PageSource}
            ORDER BY page.k {direction}, page.media_id {direction}, p.part_number
            """);
    }

    private static IEnumerable<string> Base(MediaFilter filter)
    {
        if (filter.IsTemporary)
        {
            yield return "e.removed_at IS NULL AND NOT e.is_unlisted AND e.is_temporary";
        }
        else
        {
            yield return SearchConditions.Shown;
        }

        if (!filter.On(FilterFields.Status).Any(condition => condition is { Operator: FilterOperators.Eq, Value: MediaStatus.Pending }))
        {
            yield return "e.status <> 1";
        }

        // As the index has it.
        if (filter.Conditions.Any(IsRareStatus))
        {
            yield return "e.status <> 3";
        }
    }

    internal static string And(IEnumerable<string> conditions, MediaQuery query, SearchTable table, SearchParameters parameters)
    {
        var all = conditions.ToList();
        if (query.After is { } after)
        {
            var (key, id) = (parameters.Add(after.Key), parameters.Add(after.Id.Value));
            all.Add($"({Key(query, table)}, e.media_id) {(query.Filter.Order.Descending ? "<" : ">")} ({key}, {id})");
        }

        return all.Count == 0 ? "true" : string.Join(" AND ", all);
    }

    internal static string Key(MediaQuery query, SearchTable table) => SearchTables.Key(query.Filter.Order.Key, table, "e");

    internal static string Direction(MediaOrder order) => order.Descending ? "DESC" : "ASC";

    private static bool IsRareStatus(FieldCondition condition) =>
        condition.Field == FilterFields.Status
        && ((condition.Operator == FilterOperators.Eq && condition.Value is not MediaStatus.Ready)
            || (condition.Operator == FilterOperators.Ne && condition.Value is MediaStatus.Ready));
}
