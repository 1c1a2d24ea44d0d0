using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The most entries of an index that a walk reads for a page of the default length.</summary>
/// <param name="IndexEntries">Of a walk whose conditions the index alone decides for most entries; 10,000 take 2.5 ms.</param>
/// <param name="RowEntries">Of a walk that reads the row of most entries.</param>
internal sealed record SearchBounds(int IndexEntries, int RowEntries)
{
    public static SearchBounds Default { get; } = new(10_000, 1_000);

    // Of n items, a page of p by a walk costs p * n / m entries when m match, and collecting them costs m rows. Both are equal where m is the
    // root of p * n, so the longest walk that pays grows by the root of the page.
    public long Of(bool readsRows, int limit) =>
        (long)((readsRows ? RowEntries : IndexEntries) * Math.Sqrt(Math.Max(1, limit / (double)MediaQuery.DefaultLimit)));
}
