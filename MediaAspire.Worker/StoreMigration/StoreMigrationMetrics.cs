using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.StoreMigration;

/// <summary>Instruments of migrations of images. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class StoreMigrationMetrics
{
    public const string MeterName = "MediaAspire.StoreMigration";

    private readonly Counter<long> _moved;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _failed;

    public StoreMigrationMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _moved = meter.CreateCounter<long>("mediaaspire.images.migrated", "{blob}", "Blobs of images that were moved to the other store.");
        _bytes = meter.CreateCounter<long>("mediaaspire.images.migrated_bytes", "By", "Bytes of these blobs.");
        _failed = meter.CreateCounter<long>(
            "mediaaspire.images.migration_failures", "{attempt}", "Attempts to move a blob that failed.");
    }

    internal void Moved(long bytes)
    {
        _moved.Add(1);
        _bytes.Add(bytes);
    }

    internal void Failed() => _failed.Add(1);
}
