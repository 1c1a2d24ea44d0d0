using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Audit;

/// <summary>The metrics of the audit log.</summary>
/// <remarks>The names are part of the operator contract: see docs/operations/metrics.md.</remarks>
public sealed class AuditMetrics
{
    public const string MeterName = "MediaAspire.Audit";

    private readonly Meter _meter;
    private readonly Counter<long> _written;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _failures;

    public AuditMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _written = _meter.CreateCounter<long>("mediaaspire.audit.written", "{event}", "Events that are in the database, by outcome.");
        _dropped = _meter.CreateCounter<long>(
            "mediaaspire.audit.dropped", "{event}", "Events that were lost because the queue was full, by outcome.");
        _failures = _meter.CreateCounter<long>("mediaaspire.audit.failures", "{write}", "Writes of events that failed and are repeated.");
    }

    internal void Observe(Func<int> queued) =>
        _meter.CreateObservableGauge("mediaaspire.audit.queued", queued, "{event}", "Events that wait to be written.");

    internal void Written(IReadOnlyList<AuditEvent> events)
    {
        Span<long> counts = stackalloc long[3];
        foreach (var one in events)
        {
            counts[(int)one.Outcome]++;
        }

        for (var outcome = 0; outcome < counts.Length; outcome++)
        {
            if (counts[outcome] > 0)
            {
                _written.Add(counts[outcome], Tag((AuditOutcome)outcome));
            }
        }
    }

    internal void Dropped(AuditOutcome outcome, long count = 1) => _dropped.Add(count, Tag(outcome));

    internal void Failed() => _failures.Add(1);

    private static KeyValuePair<string, object?> Tag(AuditOutcome outcome) => new("mediaaspire.outcome", outcome.Name());
}
