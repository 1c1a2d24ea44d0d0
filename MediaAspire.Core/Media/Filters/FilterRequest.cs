namespace MediaAspire.Core.Media.Filters;

/// <summary>A list as a client asks for it.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Limit">The most items of the page.</param>
/// <param name="Cursor">The cursor, not parsed yet; <see langword="null"/> for the first page.</param>
/// <param name="Offset">The number of items before the page; <see langword="null"/> for a page by cursor.</param>
public sealed record FilterRequest(MediaFilter Filter, int Limit, string? Cursor, int? Offset)
{
    /// <summary>Parses the cursor and gets the page to search.</summary>
    /// <returns>The page, or the error of the cursor.</returns>
    public (MediaQuery? Query, FilterError? Error) Open()
    {
        var after = Cursor is null ? null : MediaPosition.Parse(Cursor, Filter);
        return Cursor is not null && after is null
            ? (null, FilterError.InvalidCursor())
            : (new MediaQuery(Filter, Limit, after, Offset), null);
    }
}

/// <summary>The outcome of parsing a filter: a request or an error.</summary>
public sealed record FilterResult
{
    internal FilterResult(FilterRequest request) => Request = request;

    internal FilterResult(FilterError error) => Error = error;

    public FilterRequest? Request { get; }

    public FilterError? Error { get; }
}
