using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The most that a walk reads for a page of the default length.</summary>
/// <param name="IndexEntries">The entries of an index, when it decides most of them; 12,000 take about 2 ms.</param>
/// <param name="RowEntries">The rows, when the walk reads that of each entry, and they lie in about the same order.</param>
/// <param name="ScatteredRows">The rows that lie here and there: in other orders, or looked up by their ids.</param>
/// <param name="GatheredRows">
/// The scattered rows up to which items are gathered before a long walk, by the planner's reckoning of the cost.
/// </param>
internal sealed record SearchBounds(int IndexEntries, int RowEntries, int ScatteredRows, int GatheredRows)
{
    // A last stage is at most this many times as long as the one before. Of texts, the index gathers many times the items that match: those
    // that have the letters elsewhere, or in another order.
    private const int LastStageFactor = 2;
    private const int LastStageFactorOfTexts = 3;

    private const double MostScale = 2;

    public static SearchBounds Default { get; } = new(12_000, 3_000, 1_000, 2_000);

    /// <summary>Gets the most entries of a walk.</summary>
    public long Entries(OrderKey order, bool readsRows, int limit) => Scaled(
        !readsRows ? IndexEntries : order is OrderKey.Size or OrderKey.Name ? ScatteredRows : RowEntries, limit);

    /// <summary>Gets the most entries of a walk's last stage.</summary>
    public static long LastStage(long entries, bool isOfText) => entries * (isOfText ? LastStageFactorOfTexts : LastStageFactor);

    /// <summary>Gets the most rows that a walk looks up.</summary>
    public long Rows(int limit) => Scaled(ScatteredRows, limit);

    /// <summary>Gets the rows up to which items are gathered before a long walk.</summary>
    public int Gathered(int limit) => (int)Scaled(GatheredRows, limit);

    // Of n items, a page of p by a walk costs p * n / m entries when m match, and collecting them costs m rows. Both are equal where m is
    // the root of p * n, so the longest walk that pays grows by the root of the page.
    private static long Scaled(int entries, int limit) =>
        (long)(entries * Math.Clamp(Math.Sqrt(limit / (double)MediaQuery.DefaultLimit), 1, MostScale));
}
