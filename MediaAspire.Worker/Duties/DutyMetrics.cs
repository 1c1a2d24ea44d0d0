using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.Duties;

/// <summary>The metrics of all duties.</summary>
public sealed class DutyMetrics
{
    public const string MeterName = "MediaAspire.Duties";
    private const string DutyTag = "mediaaspire.duty";
    private const string OutcomeTag = "mediaaspire.outcome";

    private readonly ConcurrentDictionary<string, bool> _leads = new();
    private readonly Counter<long> _items;
    private readonly Histogram<double> _runs;

    public DutyMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _items = meter.CreateCounter<long>("mediaaspire.duty.items", "{item}", "Items that a duty has processed.");
        _runs = meter.CreateHistogram<double>("mediaaspire.duty.run.duration", "s", "Time of a duty's run, by outcome.");
        meter.CreateObservableGauge(
            "mediaaspire.duty.leader",
            () => _leads.Select(duty => new Measurement<int>(duty.Value ? 1 : 0, new KeyValuePair<string, object?>(DutyTag, duty.Key))),
            "{leader}",
            "1 in the worker that leads the duty, 0 in the others.");
    }

    internal void Lead(string duty, bool leads) => _leads[duty] = leads;

    internal void RunEnded(string duty, long items, TimeSpan elapsed)
    {
        _items.Add(items, new KeyValuePair<string, object?>(DutyTag, duty));
        Record(duty, "ok", elapsed);
    }

    internal void RunFailed(string duty, TimeSpan elapsed) => Record(duty, "failed", elapsed);

    private void Record(string duty, string outcome, TimeSpan elapsed) => _runs.Record(
        elapsed.TotalSeconds, new KeyValuePair<string, object?>(DutyTag, duty), new KeyValuePair<string, object?>(OutcomeTag, outcome));
}
