using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Staging;

/// <summary>Instruments of short-term storage. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class StagingMetrics
{
    public const string MeterName = "MediaAspire.Staging";

    private readonly Counter<long> _written;
    private readonly Counter<long> _freed;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _orphans;
    private readonly Counter<long> _requeued;
    private readonly TimeProvider _time;
    private Shown? _shown;

    public StagingMetrics(IMeterFactory meterFactory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);
        _time = time;

        // The factory owns the meter's lifetime, so it is not disposed here.
        var meter = meterFactory.Create(MeterName);

        _written = meter.CreateCounter<long>("mediaaspire.staging.written", unit: "By", description: "Bytes of the values staged.");
        _freed = meter.CreateCounter<long>("mediaaspire.staging.freed", unit: "{value}", description: "Values freed.");
        _refused = meter.CreateCounter<long>("mediaaspire.staging.refused", unit: "{value}", description: "Values refused, by reason.");
        _orphans = meter.CreateCounter<long>(
            "mediaaspire.staging.orphans", unit: "{value}", description: "Values freed that no row referred to.");
        _requeued = meter.CreateCounter<long>(
            "mediaaspire.staging.requeued", unit: "{value}", description: "Values whose job was enqueued again.");
        meter.CreateObservableGauge("mediaaspire.staging.used", () => Observe(figures => figures.Bytes), "By", "Bytes staged.");
        meter.CreateObservableGauge("mediaaspire.staging.values", () => Observe(figures => figures.Values), "{value}", "Values staged.");
        meter.CreateObservableGauge(
            "mediaaspire.staging.oldest.age", () => Observe(figures => (long)figures.OldestAge.TotalSeconds), "s",
            "Age of the oldest value.");
    }

    internal void Written(long bytes) => _written.Add(bytes);

    internal void Freed() => _freed.Add(1);

    internal void Refused(StagingFailure failure) =>
        _refused.Add(1, new KeyValuePair<string, object?>("mediaaspire.reason", ReasonOf(failure)));

    public void OrphansFreed(int values) => _orphans.Add(values);

    public void Requeued(int values) => _requeued.Add(values);

    /// <summary>Shows figures for a while: a process that looks no more shows none, and another one does.</summary>
    public void Show(StagingFigures figures, TimeSpan lifetime) => Volatile.Write(ref _shown, new(figures, _time.GetTimestamp(), lifetime));

    private IEnumerable<Measurement<long>> Observe(Func<StagingFigures, long> select) =>
        Volatile.Read(ref _shown) is { } shown && _time.GetElapsedTime(shown.At) < shown.Lifetime
            ? [new Measurement<long>(select(shown.Figures))]
            : [];

    private static string ReasonOf(StagingFailure failure) => failure switch
    {
        StagingFailure.Full => "full",
        StagingFailure.TooLarge => "too-large",
        _ => "unavailable",
    };

    private sealed record Shown(StagingFigures Figures, long At, TimeSpan Lifetime);
}

/// <param name="Bytes">Bytes staged, those still coming in included.</param>
/// <param name="Values">The number of values.</param>
/// <param name="OldestAge">Time since the last piece of the oldest value, in whole seconds; zero when no value is staged.</param>
public sealed record StagingFigures(long Bytes, long Values, TimeSpan OldestAge);
