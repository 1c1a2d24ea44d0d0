using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.Sweeping;

/// <summary>The metrics of removed data and of data that waits for removal.</summary>
public sealed class SweepingMetrics
{
    public const string MeterName = "MediaAspire.Sweeping";
    private const string DutyTag = "mediaaspire.duty";
    private const string ReasonTag = "mediaaspire.reason";

    private readonly Counter<long> _givenUp;
    private readonly Counter<long> _removed;
    private readonly Counter<long> _orphans;
    private readonly Counter<long> _withheld;
    private readonly Histogram<double> _comparisons;
    private long _waiting;

    public SweepingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _givenUp = meter.CreateCounter<long>(
            "mediaaspire.sweeping.copies.given_up", "{copy}", "Copies whose removal a duty has requested.");
        _removed = meter.CreateCounter<long>("mediaaspire.sweeping.copies.removed", "{copy}", "Copies moved to their servers' trash.");
        _orphans = meter.CreateCounter<long>(
            "mediaaspire.sweeping.orphans.removed", "{chunk}", "Untracked chunks moved to their servers' trash.");
        _withheld = meter.CreateCounter<long>(
            "mediaaspire.sweeping.orphans.withheld", "{chunk}",
            "Untracked chunks that were kept because the database may be the wrong one.");
        _comparisons = meter.CreateHistogram<double>(
            "mediaaspire.sweeping.comparison.duration", "s", "Time to compare one server's disk with the rows.");
        meter.CreateObservableGauge(
            "mediaaspire.sweeping.copies.waiting", () => Interlocked.Read(ref _waiting), "{copy}",
            "Copies to be removed, as the last round left them.");
    }

    internal void CountGivenUp(string duty, long copies) => _givenUp.Add(copies, new KeyValuePair<string, object?>(DutyTag, duty));

    internal void CountRemoved(long copies) => _removed.Add(copies);

    internal void CountOrphans(long chunks) => _orphans.Add(chunks);

    internal void CountWithheld(WithheldReason reason, long chunks) => _withheld.Add(chunks, new KeyValuePair<string, object?>(
        ReasonTag,
        reason switch
        {
            WithheldReason.UnknownDisk => "unknown-disk",
            WithheldReason.Restored => "restored",
            _ => "share",
        }));

    internal void SetWaiting(long copies) => Interlocked.Exchange(ref _waiting, copies);

    internal void Compared(TimeSpan elapsed) => _comparisons.Record(elapsed.TotalSeconds);
}
