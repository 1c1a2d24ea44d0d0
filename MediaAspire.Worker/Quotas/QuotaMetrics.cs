using System.Diagnostics.Metrics;
using MediaAspire.Core.Quotas;

namespace MediaAspire.Worker.Quotas;

/// <summary>Instruments of quotas. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class QuotaMetrics
{
    public const string MeterName = "MediaAspire.Quotas";

    private readonly Counter<long> _audited;
    private readonly Counter<long> _driftBytes;
    private readonly Counter<long> _driftObjects;

    public QuotaMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _audited = meter.CreateCounter<long>("mediaaspire.quota.audited", "{quota}", "Quotas whose usage was compared with a full count.");
        _driftBytes = meter.CreateCounter<long>(
            "mediaaspire.quota.drift", "By", "Bytes by which the usage of quotas differed from a full count.");
        _driftObjects = meter.CreateCounter<long>(
            "mediaaspire.quota.drift.objects", "{object}", "Objects by which the usage of quotas differed from a full count.");
    }

    internal void Audited(QuotaUsage drift)
    {
        _audited.Add(1);
        _driftBytes.Add(Math.Abs(drift.Bytes));
        _driftObjects.Add(Math.Abs(drift.Objects));
    }
}
