using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Instruments of the catalog's stores. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class MetadataMetrics
{
    public const string MeterName = "MediaAspire.Metadata";

    /// <summary>A read that Redis answered.</summary>
    internal const string Hit = "hit";

    /// <summary>A read that PostgreSQL answered because Redis does not have the item.</summary>
    internal const string Miss = "miss";

    /// <summary>A read that PostgreSQL answered because Redis may not be read, or fails.</summary>
    internal const string Bypass = "bypass";

    private readonly Counter<long> _reads;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _waits;

    public MetadataMetrics(IMeterFactory meterFactory, GenerationLease lease)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);

        // The factory owns the meter's lifetime, so it is not disposed here.
        var meter = meterFactory.Create(MeterName);
        _reads = meter.CreateCounter<long>(
            "mediaaspire.metadata.reads", "{read}", "Reads of items by id or alias, by the store that answered.");
        _failures = meter.CreateCounter<long>(
            "mediaaspire.metadata.failures", "{call}", "Calls of the catalog to Redis that were not confirmed.");
        _waits = meter.CreateHistogram<double>(
            "mediaaspire.metadata.write.wait", "s", "Time for which writes waited because Redis did not confirm them.");
        meter.CreateObservableGauge(
            "mediaaspire.metadata.hot", () => lease.FindHot() is null ? 0 : 1, "1", "1 while this process reads from Redis, else 0.");
        meter.CreateObservableGauge(
            "mediaaspire.metadata.generation", () => lease.Last?.Number ?? 0, "1", "The generation of values in Redis.");
    }

    internal void Read(string result) => _reads.Add(1, new KeyValuePair<string, object?>("mediaaspire.result", result));

    internal void Failed() => _failures.Add(1);

    internal void Waited(TimeSpan time) => _waits.Record(time.TotalSeconds);
}
