using MediaAspire.Core.Media.Filters;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>A walk of the index of an order from a page's beginning, a limited number of entries; see ADR 22.</summary>
/// <remarks>
/// It has stages, because most pages are full after the first few entries. The last one is as long as the page is expected to need by what
/// was found before, if that is less than gathering would take. Each stage first counts entries to find where it ends: counting
/// costs less than numbering the entries that are compared.
/// </remarks>
internal sealed class SearchWalk(MediaQuery query, SearchBounds bounds)
{
    // The first two stages are these fractions of the walk.
    private static readonly int[] s_fractions = [24, 1];

    // What a third stage walks of what it is expected to need.
    private const double Margin = 1.5;

    private readonly List<MediaItem> _found = [];
    private int _stage;
    private long _walked;
    private long _longest;
    private object? _nextKey;
    private Guid _nextId;
    private bool _isCut;

    /// <summary>Gets the items that match, in their order.</summary>
    public List<MediaItem> Found => _found;

    /// <summary>Gets a value indicating whether another stage may find more.</summary>
    public bool GoesOn => _found.Count <= query.Limit && !_isCut && (_stage == 0 || _nextKey is not null)
        && (_stage < s_fractions.Length || (_stage == s_fractions.Length && Expected <= _longest));

    /// <summary>Gets a value indicating whether the page is not full, though items that match may lie beyond the walk.</summary>
    public bool IsCut => _found.Count <= query.Limit && (_isCut || _nextKey is not null);

    /// <summary>Gets the entries that are expected to fill the page, when those to come are like those before.</summary>
    private double Expected => (query.Limit + 1 - _found.Count) * Margin * _walked / _found.Count;

    /// <summary>Composes the statement of the next stage.</summary>
    /// <remarks>
    /// The rows are for <see cref="Read"/> and <see cref="Add"/>. The only row of a stage that found nothing has no item.
    /// </remarks>
    public NpgsqlBatchCommand Compose()
    {
        var filter = query.Filter;
        var table = SearchTables.Of(filter.Order.Key);
        var parameters = new SearchParameters();
        var (name, key) = (SearchTables.NameOf(table), SearchStatements.Key(query, table));
        var direction = SearchStatements.Direction(filter.Order);
        var (inside, from) = filter.Order.Descending ? (">", "<=") : ("<", ">=");
        var inRange = filter.Conditions.Where(condition => IsRangeOf(condition, filter)).ToList();
        var range = inRange.Select(condition => SearchConditions.One(condition, table, "e", parameters)).ToList();
        if (table == SearchTable.Media)
        {
            range.Add(SearchConditions.Listed);
        }

        var walked = _nextKey is null
            ? SearchStatements.And(range, query, table, parameters)
            : string.Join(" AND ", [.. range, $"({key}, e.media_id) {from} ({parameters.Add(_nextKey)}, {parameters.Add(_nextId)})"]);
        var (candidate, lookup, readsRows) = Matches(filter, filter.Conditions.Except(inRange).ToList(), table, parameters);
        var (lastKey, lastId) = (parameters.Add(SearchTables.Last(filter.Order)), parameters.Add(LastId(filter.Order)));
        var ordered = $"ORDER BY {key} {direction}, e.media_id {direction}";
        var entire = bounds.Entries(filter.Order.Key, readsRows, query.Limit);
        var length = _stage == s_fractions.Length ? (long)Expected : entire / s_fractions[_stage];
        _longest = SearchBounds.LastStage(entire, SearchConditions.HasText(filter));
        _walked += length;
        var entries = parameters.Add(length);
        var page = parameters.Add((long)query.Limit + 1 - _found.Count);
        var rows = lookup is null ? page : parameters.Add(bounds.Rows(query.Limit) * (1 + (_stage / s_fractions.Length)));
        return parameters.Command(
            $"""
            WITH far AS MATERIALIZED (
                SELECT {key} AS k, e.media_id AS id FROM {name} e WHERE {walked} {ordered} OFFSET {entries} LIMIT 1),
            candidates AS MATERIALIZED (
                SELECT e.media_id, {key} AS k, {SearchSignatures.Columns} FROM {name} e WHERE {walked}
                AND ({key}, e.media_id) {inside} (coalesce((SELECT k FROM far), {lastKey}), coalesce((SELECT id FROM far), {lastId}))
                AND {candidate} {ordered} LIMIT {rows}),
            page AS MATERIALIZED (SELECT e.media_id, e.k FROM candidates e WHERE {lookup ?? "true"} LIMIT {page}),
            walk AS MATERIALIZED (
                SELECT k, id, {(lookup is null ? "false" : $"(SELECT count(*) FROM candidates) = {rows}")} AS is_cut
                FROM (VALUES (1)) AS one LEFT JOIN far ON true WHERE (SELECT count(*) FROM page) < {page}
                UNION ALL SELECT NULL, NULL, false WHERE (SELECT count(*) FROM page) = {page})
            SELECT {MediaRows.Columns}, walk.k, walk.id, walk.is_cut
            FROM walk LEFT JOIN ({SearchStatements.PageSource}) ON true
            ORDER BY page.k {direction}, page.media_id {direction}, p.part_number
            """);
    }

    /// <summary>Reads where the stage ended from any of its rows.</summary>
    public void Read(NpgsqlDataReader reader)
    {
        var isEnd = reader.IsDBNull(MediaRows.ColumnCount);
        _nextKey = isEnd ? null : Key(reader);
        _nextId = isEnd ? default : reader.GetGuid(MediaRows.ColumnCount + 1);
        _isCut = reader.GetBoolean(MediaRows.ColumnCount + 2);
    }

    /// <summary>Ends the stage with the items of its rows.</summary>
    public void Add(IReadOnlyCollection<MediaItem> items)
    {
        _found.AddRange(items);
        _stage++;
    }

    private object Key(NpgsqlDataReader reader) => query.Filter.Order.Key switch
    {
        OrderKey.Size => reader.GetInt64(MediaRows.ColumnCount),
        OrderKey.Name => reader.GetString(MediaRows.ColumnCount),
        _ => reader.GetFieldValue<DateTimeOffset>(MediaRows.ColumnCount),
    };

    // The conditions on an entry of the walk: those that the index alone decides, and a query that looks an item up by its id, if that is
    // needed. Where the index decides nothing, the walk reads the row of each entry instead.
    private static (string Candidate, string? Lookup, bool ReadsRows) Matches(
        MediaFilter filter, IReadOnlyList<FieldCondition> conditions, SearchTable walked, SearchParameters parameters)
    {
        var signed = SearchSignatures.Of(filter, conditions, parameters).ToList();
        var matches = conditions.Where(SearchConditions.IsInIndexes)
            .Select(condition => SearchConditions.One(condition, walked, "e", parameters)).Concat(signed).ToList();
        var others = conditions.Where(condition => !SearchConditions.IsInIndexes(condition)).ToList();
        var table = others.All(SearchConditions.IsInListing) ? walked : SearchTable.Media;
        var rows = others.Select(condition => SearchConditions.One(condition, table, "e", parameters))
            .Concat(SearchConditions.Others(filter, parameters)).ToList();
        if (rows.Count == 0)
        {
            return (All(matches), null, ReadsRows: false);
        }

        if (signed.Count == 0 && filter.Without.IsEmpty && table == walked)
        {
            return (All([.. matches, .. rows]), null, ReadsRows: true);
        }

        var lookup = $"""
            (SELECT true FROM (SELECT e.media_id AS id) AS w, {SearchTables.NameOf(table)} e
            WHERE e.media_id = w.id AND {string.Join(" AND ", rows)})
            """;
        if (others.Count == 0 && filter.Match is null)
        {
            // Only tags that an item must not have are left, and most entries show that they have none.
            lookup = $"({SearchSignatures.LacksAll(filter.Without, parameters)} OR {lookup})";
        }

        return (All(matches), lookup, ReadsRows: false);

        static string All(IReadOnlyCollection<string> conditions) => conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);
    }

    private static Guid LastId(MediaOrder order) => order.Descending ? Guid.Empty : Guid.AllBitsSet;

    private static bool IsOwner(FieldCondition condition) =>
        condition.Operator == FilterOperators.Eq && condition.Field == FilterFields.Owner;

    // The conditions that bound the walk: its owner, and the range of the order's key. Sizes depend on the kind so much that the order by
    // size has indexes for each kind.
    private static bool IsRangeOf(FieldCondition condition, MediaFilter filter) => IsOwner(condition)
        || (condition.Field == FilterFields.Kind && condition.Operator == FilterOperators.Eq && filter.Order.Key == OrderKey.Size)
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
