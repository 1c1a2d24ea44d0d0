using System.Diagnostics.Metrics;
using Grpc.Core;

namespace MediaAspire.Storage.Chunks;

/// <summary>Instruments of a chunk node. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class StorageMetrics
{
    public const string MeterName = "MediaAspire.Storage";

    private readonly Counter<long> _written;
    private readonly Counter<long> _bytesWritten;
    private readonly Counter<long> _bytesRead;
    private readonly Counter<long> _deleted;
    private readonly Counter<long> _trashed;
    private readonly Counter<long> _emptied;
    private readonly Histogram<double> _duration;
    private ChunkStore? _store;

    public StorageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _written = meter.CreateCounter<long>("mediaaspire.storage.chunks.written", "{chunk}", "Chunks sealed.");
        _deleted = meter.CreateCounter<long>("mediaaspire.storage.chunks.deleted", "{chunk}", "Chunks deleted.");
        _trashed = meter.CreateCounter<long>("mediaaspire.storage.chunks.trashed", "{chunk}", "Chunks moved to the trash.");
        _emptied = meter.CreateCounter<long>("mediaaspire.storage.trash.emptied", "{chunk}", "Chunks deleted from the trash.");
        meter.CreateObservableGauge("mediaaspire.storage.trash", () => _store?.TrashBytes ?? 0, "By", "Bytes of the chunks in the trash.");
        meter.CreateObservableGauge(
            "mediaaspire.storage.trash.chunks", () => _store?.TrashCount ?? 0, "{chunk}", "Chunks in the trash.");
        _bytesWritten = meter.CreateCounter<long>("mediaaspire.storage.written", "By", "Bytes of the chunks sealed.");
        _bytesRead = meter.CreateCounter<long>("mediaaspire.storage.read", "By", "Bytes read from disk and verified.");
        _duration = meter.CreateHistogram<double>(
            "mediaaspire.storage.call.duration", "s", "Duration of calls of the chunk service, by method and gRPC status.");
        meter.CreateObservableGauge("mediaaspire.storage.chunks", () => _store?.Count ?? 0, "{chunk}", "Sealed chunks on the disk.");
        meter.CreateObservableGauge(
            "mediaaspire.storage.used", () => _store?.UsedBytes ?? 0, "By", "Bytes of the chunk files, with the trash.");
        meter.CreateObservableGauge(
            "mediaaspire.storage.available", () => _store?.AvailableBytes ?? 0, "By", "Bytes that the node can still accept.");
    }

    internal void Observe(ChunkStore store) => _store = store;

    internal void CountWritten(long bytes)
    {
        _written.Add(1);
        _bytesWritten.Add(bytes);
    }

    internal void CountRead(long bytes) => _bytesRead.Add(bytes);

    internal void CountDeleted() => _deleted.Add(1);

    internal void CountTrashed() => _trashed.Add(1);

    internal void CountEmptied(long chunks) => _emptied.Add(chunks);

    // "/mediaaspire.chunks.v1.ChunkStore/PutChunk"
    internal void RecordCall(string method, StatusCode status, TimeSpan elapsed) =>
        _duration.Record(
            elapsed.TotalSeconds,
            new KeyValuePair<string, object?>("rpc.method", method[(method.LastIndexOf('/') + 1)..]),
            new KeyValuePair<string, object?>("rpc.grpc.status_code", (int)status));
}
