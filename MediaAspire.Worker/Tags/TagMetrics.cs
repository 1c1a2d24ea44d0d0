using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.Tags;

/// <summary>The metrics of the counters of tags.</summary>
public sealed class TagMetrics
{
    public const string MeterName = "MediaAspire.Tags";

    private readonly Counter<long> _folded;
    private readonly Counter<long> _audits;
    private readonly Counter<long> _corrected;

    public TagMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _folded = meter.CreateCounter<long>("mediaaspire.tags.folded", "{change}", "Changes that were folded into the counters of tags.");
        _audits = meter.CreateCounter<long>("mediaaspire.tags.audits", "{audit}", "Comparisons of the counters of tags with a full count.");
        _corrected = meter.CreateCounter<long>("mediaaspire.tags.corrected", "{counter}", "Counters of tags that an audit corrected.");
    }

    internal void Folded(long changes) => _folded.Add(changes);

    internal void Audited(long corrected)
    {
        _audits.Add(1);
        _corrected.Add(corrected);
    }
}
