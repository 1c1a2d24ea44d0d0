using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Chunks;

/// <summary>Instruments of <see cref="ChunkCache"/>. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class ChunkCacheMetrics
{
    public const string MeterName = "MediaAspire.ChunkCache";

    private readonly Meter _meter;
    private readonly Counter<long> _reads;

    public ChunkCacheMetrics(IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);

        // The factory owns the meter's lifetime, so it is not disposed here.
        _meter = meterFactory.Create(MeterName);
        _reads = _meter.CreateCounter<long>(
            "mediaaspire.chunk_cache.reads", unit: "{read}", description: "Reads of chunks, by whether they were in memory.");
    }

    public void CountRead(bool isHit) => _reads.Add(1, new KeyValuePair<string, object?>("mediaaspire.outcome", isHit ? "hit" : "miss"));

    /// <summary>Observes the size of a cache, in bytes.</summary>
    internal void Observe(Func<long> bytes) =>
        _meter.CreateObservableGauge("mediaaspire.chunk_cache.size", bytes, unit: "By", description: "Bytes of chunks in memory.");
}
