using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The most entries of an index that a walk reads for a page of the default length.</summary>
/// <param name="IndexEntries">Of a walk of which the index decides most entries; 10,000 take 2.5 ms.</param>
/// <param name="RowEntries">Of a walk that reads the row of each entry, where rows lie in about the same order as entries.</param>
/// <param name="ScatteredEntries">Of a walk that reads rows here and there.</param>
internal sealed record SearchBounds(int IndexEntries, int RowEntries, int ScatteredEntries)
{
    private const double MostScale = 2;

    public static SearchBounds Default { get; } = new(10_000, 3_000, 1_000);

    /// <summary>Gets the most entries of a walk.</summary>
    /// <param name="order">The order.</param>
    /// <param name="readsRows">True when the walk reads the row of each entry.</param>
    /// <param name="lookups">True when it looks up most rows by their ids.</param>
    /// <param name="limit">The most items of the page.</param>
    // Of n items, a page of p by a walk costs p * n / m entries when m match, and collecting them costs m rows. Both are equal where m is
    // the root of p * n, so the longest walk that pays grows by the root of the page.
    public long Of(OrderKey order, bool readsRows, bool lookups, int limit)
    {
        var isScattered = lookups || order is OrderKey.Size or OrderKey.Name;
        var entries = !readsRows && !lookups ? IndexEntries : isScattered ? ScatteredEntries : RowEntries;
        return (long)(entries * Math.Clamp(Math.Sqrt(limit / (double)MediaQuery.DefaultLimit), 1, MostScale));
    }
}
