using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Scrubbing;

/// <summary>The states of a scrub, as <c>scrubs.state</c> spells them.</summary>
public static class ScrubState
{
    public const string Running = "running";
    public const string Paused = "paused";
    public const string Cancelled = "cancelled";
    public const string Completed = "completed";
}

/// <summary>One scrub: every copy that was stored when it began is read back once.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Trigger"><c>scheduled</c> or <c>command</c>.</param>
/// <param name="State">One of <see cref="ScrubState"/>.</param>
/// <param name="StartedAt">The time when it began.</param>
/// <param name="DueAt">The time when a scheduled one should end; null for as fast as allowed.</param>
/// <param name="FinishedAt">The time when it was completed or cancelled.</param>
/// <param name="Age">The time since it began, by the database's clock.</param>
/// <param name="Totals">Sums over its servers.</param>
public sealed record ScrubRun(
    Guid Id, string Trigger, string State,
    DateTimeOffset StartedAt, DateTimeOffset? DueAt, DateTimeOffset? FinishedAt, TimeSpan Age, ScrubTotals Totals)
{
    /// <summary>
    /// Gets the time when a running scrub ends: for a scheduled one the planned time, for others by the speed so far.
    /// <see langword="null"/> without an estimate, as for a scrub that began without any copy.
    /// </summary>
    public DateTimeOffset? EstimatedEnd => this switch
    {
        { State: not ScrubState.Running } or { Totals.BytesExpected: 0 } => null,
        { DueAt: { } dueAt } => dueAt,
        { Totals.Progress: > 0 and var progress } => StartedAt + (Age / progress),
        _ => null,
    };
}

/// <param name="CopiesExpected">Copies there were when the scrub began.</param>
/// <param name="BytesExpected">Their bytes.</param>
/// <param name="Copies">Copies that are done.</param>
/// <param name="Bytes">Bytes that are done.</param>
/// <param name="Corrupt">Copies found damaged.</param>
/// <param name="Missing">Copies that their server does not have.</param>
/// <param name="Unreachable">Copies whose server could not be asked, or could not say.</param>
public readonly record struct ScrubTotals(
    long CopiesExpected, long BytesExpected, long Copies, long Bytes, long Corrupt, long Missing, long Unreachable)
{
    /// <summary>Gets the copies found intact.</summary>
    public long Verified => Copies - Corrupt - Missing - Unreachable;

    /// <summary>Gets the share of the expected bytes that is done, 0 to 1.</summary>
    public double Progress => BytesExpected == 0 ? 1 : Math.Clamp((double)Bytes / BytesExpected, 0, 1);
}

/// <summary>The progress of a scrub on one server.</summary>
/// <param name="Server">The server.</param>
/// <param name="AfterChunk">Every copy up to this chunk is done.</param>
/// <param name="Totals">The findings.</param>
/// <param name="IsDone">A value indicating whether the server is done.</param>
public sealed record ScrubServer(ServerId Server, ChunkId AfterChunk, ScrubTotals Totals, bool IsDone);

/// <summary>The findings of one stretch of a scrub on one server.</summary>
/// <param name="Upto">The last chunk of the stretch.</param>
/// <param name="Copies">Copies that are done.</param>
/// <param name="Bytes">Bytes that are done.</param>
/// <param name="Corrupt">Copies found damaged.</param>
/// <param name="Missing">Copies that their server does not have.</param>
/// <param name="Unreachable">Copies whose server could not say.</param>
public readonly record struct ScrubStep(ChunkId Upto, long Copies, long Bytes, long Corrupt, long Missing, long Unreachable);
