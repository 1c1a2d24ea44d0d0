using System.Diagnostics.Metrics;
using MediaAspire.Core.Copies;

namespace MediaAspire.Worker.Repair;

/// <summary>The metrics of repair and its backlog.</summary>
public sealed class RepairMetrics
{
    public const string MeterName = "MediaAspire.Repair";

    private readonly Counter<long> _copies;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _removed;
    private IReadOnlyDictionary<int, long> _backlog = new Dictionary<int, long>();

    public RepairMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _copies = meter.CreateCounter<long>("mediaaspire.repair.copies", "{copy}", "Copies that repair tried to make, by outcome.");
        _bytes = meter.CreateCounter<long>("mediaaspire.repair.copied", "By", "Bytes of the copies that repair made.");
        _removed = meter.CreateCounter<long>("mediaaspire.repair.removed", "{copy}", "Copies whose removal repair requested, by reason.");
        meter.CreateObservableGauge(
            "mediaaspire.repair.backlog",
            () => Volatile.Read(ref _backlog).Select(level => new Measurement<long>(
                level.Value, new KeyValuePair<string, object?>("mediaaspire.live_copies", level.Key))),
            "{chunk}",
            "Chunks with too few copies, by the number of their live copies, as of the last run in the leading worker.");
    }

    internal void Backlog(IReadOnlyDictionary<int, long> chunksByLive) => Volatile.Write(ref _backlog, chunksByLive);

    internal void Copied(CopyResult result)
    {
        _copies.Add(1, new KeyValuePair<string, object?>("mediaaspire.outcome", NameOf(result.Outcome)));
        _bytes.Add(result.Outcome == CopyOutcome.Stored ? result.Bytes : 0);
    }

    internal void Removed(string reason, long copies) =>
        _removed.Add(copies, new KeyValuePair<string, object?>("mediaaspire.reason", reason));

    private static string NameOf(CopyOutcome outcome) => outcome switch
    {
        CopyOutcome.Stored => "stored",
        CopyOutcome.Failed => "failed",
        CopyOutcome.NoSource => "no-source",
        CopyOutcome.Busy => "busy",
        CopyOutcome.Lost => "lost",
        CopyOutcome.Unfit => "unfit",
        CopyOutcome.Gone => "gone",
        _ => "already-stored",
    };
}
