using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.Notifications;

/// <summary>The metrics of notifications of buckets.</summary>
public sealed class NotificationMetrics
{
    public const string MeterName = "MediaAspire.Notifications";
    private const string TargetTag = "mediaaspire.target";

    private readonly ConcurrentDictionary<string, (long Pending, long Dead)> _waiting = new();
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _died;
    private readonly Counter<long> _lost;
    private readonly Histogram<double> _delay;

    public NotificationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _delivered = meter.CreateCounter<long>("mediaaspire.notification.delivered", "{event}", "Events that a target has received.");
        _refused = meter.CreateCounter<long>("mediaaspire.notification.refused", "{event}", "Attempts of events that a target refused.");
        _failures = meter.CreateCounter<long>(
            "mediaaspire.notification.failures", "{failure}", "Rounds of requests that ended because the target did not work.");
        _died = meter.CreateCounter<long>("mediaaspire.notification.died", "{event}", "Events that became dead letters.");
        _lost = meter.CreateCounter<long>("mediaaspire.notification.lost", "{event}", "Dead letters that were removed.");
        _delay = meter.CreateHistogram<double>(
            "mediaaspire.notification.delay", "s", "Time from the change of an object to the delivery of its event.");
        meter.CreateObservableGauge(
            "mediaaspire.notification.pending",
            () => _waiting.Select(target => Of(target.Value.Pending, target.Key)),
            "{event}",
            "Events that wait, at the last run of the duty notifications in this worker.");
        meter.CreateObservableGauge(
            "mediaaspire.notification.dead",
            () => _waiting.Select(target => Of(target.Value.Dead, target.Key)),
            "{event}",
            "Dead letters, at the last run of the duty notifications in this worker.");
    }

    internal void Delivered(string target, IEnumerable<TimeSpan> delays)
    {
        foreach (var delay in delays)
        {
            _delivered.Add(1, Tag(target));
            _delay.Record(Math.Max(0, delay.TotalSeconds), Tag(target));
        }
    }

    internal void Refused(string target, int events) => _refused.Add(events, Tag(target));

    internal void Failed(string target) => _failures.Add(1, Tag(target));

    internal void Died(string target, long events) => _died.Add(events, Tag(target));

    internal void Lost(string target, long events) => _lost.Add(events, Tag(target));

    internal void Measured(string target, long pending, long dead) => _waiting[target] = (pending, dead);

    private static Measurement<long> Of(long value, string target) => new(value, Tag(target));

    private static KeyValuePair<string, object?> Tag(string target) => new(TargetTag, target);
}
