using System.Collections.Immutable;
using MediaAspire.Core.Media.Filters;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>Composes the statements of searches; ADR 22 has the reasons and the plans.</summary>
internal static class SearchStatements
{
    /// <summary>
    /// Determines whether few items match in any case, by an index of <c>media</c>: an id, an alias, a rare status, temporary items.
    /// </summary>
    public static bool IsNarrow(MediaFilter filter) =>
        filter.IsTemporary
        || filter.Equal(FilterFields.Id) is not null || filter.Equal(FilterFields.Alias) is not null
        || filter.Equal(FilterFields.Parent) is not null || filter.Equal(FilterFields.References) is not null
        || filter.Conditions.Any(IsRareStatus);

    /// <summary>Determines whether a walk of the order's index may fill a page, unlike for one name.</summary>
    public static bool IsWalked(MediaFilter filter) => filter.Equal(FilterFields.Name) is null;

    /// <summary>Finds the page in all items, as PostgreSQL's planner chooses.</summary>
    public static NpgsqlBatchCommand Narrow(MediaQuery query)
    {
        var parameters = new SearchParameters();
        var table = SearchTable.Media;
        var conditions = Base(query.Filter).Concat(SearchConditions.All(query.Filter, table, parameters));
        var where = And(conditions, query, table, parameters);
        return Page(query, parameters, $"SELECT e.media_id, {Key(query, table)} AS k FROM media e WHERE {where}");
    }

    /// <summary>
    /// Walks the index of the order from the page's beginning, a limited number of entries, and returns the items that match and the last
    /// entry.
    /// </summary>
    /// <remarks>The rows end with two columns: whether the item matches, and whether the walk ended at it.</remarks>
    public static NpgsqlBatchCommand Walk(MediaQuery query, SearchBounds bounds)
    {
        var filter = query.Filter;
        var table = SearchTables.Of(filter.Order.Key);
        var parameters = new SearchParameters();
        var inRange = filter.Conditions.Where(condition => IsRangeOf(condition, filter)).ToList();
        var range = inRange.Select(condition => SearchConditions.One(condition, table, "e", parameters));
        var walked = And(table == SearchTable.Media ? range.Prepend(SearchConditions.Listed) : range, query, table, parameters);
        var (candidate, matches, readsRows) = Matches(filter, filter.Conditions.Except(inRange).ToList(), table, parameters);
        var entries = parameters.Add(bounds.Entries(filter.Order.Key, readsRows, query.Limit));
        var (direction, key) = (Direction(filter.Order), Key(query, table));
        var columns = readsRows ? "e.*" : "e.media_id, e.access, e.kind, e.created_at, e.size, e.width, e.height, e.signature";
        var walk = $"""
            SELECT i.*, row_number() OVER (ORDER BY i.k {direction}, i.media_id {direction}) AS n FROM (
                SELECT {key} AS k, {columns} FROM {SearchTables.NameOf(table)} e WHERE {walked}
                ORDER BY {key} {direction}, e.media_id {direction} LIMIT {entries}) AS i
            """;
        var ended = $"e.n = {entries}";
        if (candidate != matches)
        {
            var rows = parameters.Add(bounds.Rows(query.Limit));
            walk = $"""
                SELECT j.*, row_number() OVER (ORDER BY j.k {direction}, j.media_id {direction}) AS c FROM (
                    SELECT e.* FROM ({walk}) AS e WHERE {candidate} OR {ended}
                    ORDER BY e.k {direction}, e.media_id {direction} LIMIT {rows}) AS j
                """;
            ended = $"({ended} OR e.c = {rows})";
        }

        return Rows(
            query,
            parameters,
            $"""
            SELECT e.media_id, e.k, CASE WHEN {ended} THEN {matches} ELSE true END AS hit, {ended} AS ended FROM ({walk}) AS e
            WHERE {matches} OR {ended} ORDER BY e.k {direction}, e.media_id {direction} LIMIT {query.Limit + 2}
            """);
    }

    /// <summary>Finds every item that matches, by whatever indexes help, and sorts them.</summary>
    public static NpgsqlBatchCommand Gather(MediaQuery query)
    {
        var parameters = new SearchParameters();

        // Without OFFSET 0, the planner could walk the order's index after all, to its end.
        return Page(query, parameters, $"{Matching(query, parameters, withKey: true)} OFFSET 0");
    }

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
        var needsMedia = table == SearchTable.Listing
            && ((withKey && filter.Order.Key == OrderKey.UpdatedAt) || !filter.Conditions.All(SearchConditions.IsInListing));
        return $"""
            SELECT e.media_id{(withKey ? $", {Key(query, table)} AS k" : "")}
            FROM {SearchTables.NameOf(table)} e {(needsMedia ? "JOIN media m USING (media_id)" : "")}
            WHERE {And(table == SearchTable.Media ? Base(filter).Concat(conditions) : conditions, query, table, parameters)}
            """;
    }

    // The conditions on an entry of the walk: those that the index alone decides, and all. Where the index leaves few entries, or the row
    // is in the other table, it is looked up; else the walk reads all rows, and both are the same.
    private static (string Candidate, string All, bool ReadsRows) Matches(
        MediaFilter filter, IReadOnlyList<FieldCondition> conditions, SearchTable walked, SearchParameters parameters)
    {
        var matches = conditions.Where(SearchConditions.IsInIndexes)
            .Select(condition => SearchConditions.One(condition, walked, "e", parameters)).ToList();
        var sets = conditions.Where(IsSigned).ToList();
        if (sets.Count > 0)
        {
            var signature = $"(SELECT media_signature({Terms(FilterFields.Tags)}, {Terms(FilterFields.Categories)}))";
            matches.Add($"e.signature & {signature} = {signature}");
        }

        var others = conditions.Where(condition => !SearchConditions.IsInIndexes(condition)).ToList();
        var table = others.All(SearchConditions.IsInListing) ? walked : SearchTable.Media;
        var readsRows = sets.Count == 0 && table == walked;
        var rows = others.Select(condition => SearchConditions.One(condition, table, "e", parameters))
            .Concat(SearchConditions.Others(filter, parameters)).ToList();
        var candidate = Joined();
        if (rows.Count == 0)
        {
            return (candidate, candidate, ReadsRows: false);
        }

        var row = string.Join(" AND ", rows);
        matches.Add(readsRows
            ? row
            : $"(SELECT true FROM (SELECT e.media_id AS id) AS w, {SearchTables.NameOf(table)} e WHERE e.media_id = w.id AND {row})");
        return (readsRows ? Joined() : candidate, Joined(), readsRows);

        string Joined() => matches.Count == 0 ? "true" : $"({string.Join(" AND ", matches)}) IS TRUE";

        string Terms(FilterField field) => sets.Where(condition => condition.Field == field)
            .Select(condition => parameters.Add(((ImmutableArray<string>)condition.Value).ToArray())).FirstOrDefault("'{}'");
    }

    private static NpgsqlBatchCommand Page(MediaQuery query, SearchParameters parameters, string matching)
    {
        var direction = Direction(query.Filter.Order);
        return Rows(
            query,
            parameters,
            $"""
            SELECT s.media_id, s.k, true AS hit, false AS ended FROM ({matching}) AS s
            ORDER BY s.k {direction}, s.media_id {direction} LIMIT {query.Limit + 1} OFFSET {query.Offset ?? 0}
            """);
    }

    // The items are read in the same statement: no item that the page has can be gone.
    private static NpgsqlBatchCommand Rows(MediaQuery query, SearchParameters parameters, string page)
    {
        var direction = Direction(query.Filter.Order);
        return parameters.Command(
            $"""
            WITH page AS MATERIALIZED ({page})
            SELECT {MediaRows.Columns}, page.hit, page.ended
            FROM page JOIN media m USING (media_id) JOIN media_parts p USING (media_id) JOIN media_objects o USING (object_key)
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

    private static string And(IEnumerable<string> conditions, MediaQuery query, SearchTable table, SearchParameters parameters)
    {
        var all = conditions.ToList();
        if (query.After is { } after)
        {
            var (key, id) = (parameters.Add(after.Key), parameters.Add(after.Id.Value));
            all.Add($"({Key(query, table)}, e.media_id) {(query.Filter.Order.Descending ? "<" : ">")} ({key}, {id})");
        }

        return all.Count == 0 ? "true" : string.Join(" AND ", all);
    }

    private static string Key(MediaQuery query, SearchTable table) => SearchTables.Key(query.Filter.Order.Key, table, "e");

    private static string Direction(MediaOrder order) => order.Descending ? "DESC" : "ASC";

    private static bool IsOwner(FieldCondition condition) =>
        condition.Operator == FilterOperators.Eq && condition.Field == FilterFields.Owner;

    private static bool IsRareStatus(FieldCondition condition) =>
        condition.Field == FilterFields.Status
        && ((condition.Operator == FilterOperators.Eq && condition.Value is not MediaStatus.Ready)
            || (condition.Operator == FilterOperators.Ne && condition.Value is MediaStatus.Ready));

    private static bool IsSigned(FieldCondition condition) =>
        condition.Operator == FilterOperators.Eq && (condition.Field == FilterFields.Tags || condition.Field == FilterFields.Categories);

    // The conditions that bound the walk: its owner, and the range of the order's key. Sizes depend on the kind so much that the order by
    // size has an index for each kind.
    private static bool IsRangeOf(FieldCondition condition, MediaFilter filter) => IsOwner(condition)
        || (condition.Field == FilterFields.Kind && condition.Operator == FilterOperators.Eq && filter.Order.Key == OrderKey.Size
            && filter.Equal(FilterFields.Owner) is null)
        || (condition.Operator is not (FilterOperators.Ne or FilterOperators.Match or FilterOperators.Exists or FilterOperators.IsEmpty)
            && condition.Field == filter.Order.Key switch
            {
                OrderKey.CreatedAt => FilterFields.CreatedAt,
                OrderKey.UploadedAt => FilterFields.UploadedAt,
                OrderKey.UpdatedAt => FilterFields.UpdatedAt,
                OrderKey.Size => FilterFields.Size,
                _ => FilterFields.Name,
            });
}
