using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The tables that a search reads first.</summary>
internal enum SearchTable
{
    /// <summary><c>media_listing</c>: the items that lists show, with few columns.</summary>
    Listing,

    /// <summary><c>media</c>: all items.</summary>
    Media,
}

/// <summary>The names of tables and of the columns of orders.</summary>
internal static class SearchTables
{
    // Longer than any key, of the last character.
    private static readonly string s_lastName = string.Concat(Enumerable.Repeat("\U0010FFFF", MediaSearchText.NameKeyLength + 1));

    /// <summary>Gets the table whose indexes have an order.</summary>
    /// <remarks>
    /// The time of the last change is in no index of the listing, because each change would have to be written to all of its indexes.
    /// </remarks>
    public static SearchTable Of(OrderKey key) => key == OrderKey.UpdatedAt ? SearchTable.Media : SearchTable.Listing;

    public static string NameOf(SearchTable table) => table == SearchTable.Media ? "media" : "media_listing";

    /// <summary>Gets the expression of an order's key.</summary>
    public static string Key(OrderKey key, SearchTable table, string alias) => key switch
    {
        OrderKey.CreatedAt => $"{alias}.created_at",
        OrderKey.UploadedAt when table == SearchTable.Media => $"coalesce({alias}.uploaded_at, {alias}.created_at)",
        OrderKey.UploadedAt => $"{alias}.uploaded_at",
        OrderKey.UpdatedAt => $"{alias}.updated_at",
        OrderKey.Size => $"{alias}.size",
        _ when table == SearchTable.Media => $"left({alias}.normal_name, {MediaSearchText.NameKeyLength})",
        _ => $"{alias}.name_key",
    };

    /// <summary>Gets a key that lies behind those of all items in an order.</summary>
    public static object Last(MediaOrder order) => order.Key switch
    {
        OrderKey.Size => order.Descending ? -1L : long.MaxValue,
        OrderKey.Name => order.Descending ? "" : s_lastName,
        _ => order.Descending ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue,
    };
}
