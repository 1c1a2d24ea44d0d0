using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Copies;

/// <summary>The metrics of reported copies and their verification.</summary>
public sealed class CopyFaultMetrics
{
    public const string MeterName = "MediaAspire.CopyFaults";

    private readonly Counter<long> _reports;
    private readonly Counter<long> _verdicts;

    public CopyFaultMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _reports = meter.CreateCounter<long>(
            "mediaaspire.copy_fault.reports", "{report}", "Reports of missing or damaged copies by readers, by outcome.");
        _verdicts = meter.CreateCounter<long>(
            "mediaaspire.copy_fault.verdicts", "{copy}", "Reported copies that were verified, by finding.");
    }

    internal void CountReport(string outcome) => _reports.Add(1, new KeyValuePair<string, object?>("mediaaspire.outcome", outcome));

    internal void CountVerdict(CopyVerdict verdict) =>
        _verdicts.Add(1, new KeyValuePair<string, object?>("mediaaspire.outcome", verdict.ToString().ToLowerInvariant()));
}
