namespace MediaAspire.Core.Media.Filters;

/// <summary>A page of a list.</summary>
/// <param name="Filter">The items and their order.</param>
/// <param name="Limit">The most items of the page.</param>
/// <param name="After">The position after which the page begins; <see langword="null"/> for the first page.</param>
/// <param name="Offset">The number of items before the page, instead of a position; <see langword="null"/> for a page by cursor.</param>
public sealed record MediaQuery(MediaFilter Filter, int Limit, MediaPosition? After, int? Offset)
{
    public const int DefaultLimit = 10;
    public const int MaxLimit = 100;

    /// <summary>The most items that offset and limit reach, and that pages are counted of.</summary>
    public const int MaxOffset = 10_000;
}
