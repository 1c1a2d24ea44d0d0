using System.Diagnostics.Metrics;
using MediaAspire.Core.Rebalancing;

namespace MediaAspire.Worker.Rebalancing;

/// <summary>The metrics of moved copies and of those left to move.</summary>
public sealed class RebalanceMetrics
{
    public const string MeterName = "MediaAspire.Rebalancing";

    private readonly Counter<long> _moves;
    private readonly Counter<long> _bytes;
    private Rebalance? _current;

    public RebalanceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _moves = meter.CreateCounter<long>("mediaaspire.rebalance.moves", "{copy}", "Moves that ended, by outcome.");
        _bytes = meter.CreateCounter<long>("mediaaspire.rebalance.moved", "By", "Bytes of the copies moved.");
        meter.CreateObservableGauge(
            "mediaaspire.rebalance.moves.open",
            () => Volatile.Read(ref _current) is { } current
                ? current.Moves - current.MovesDone - current.MovesSkipped - current.MovesFailed
                : 0,
            "{copy}",
            "Copies that the running rebalance has yet to move, as of the last run in the leading worker.");
        meter.CreateObservableGauge(
            "mediaaspire.rebalance.bytes.open",
            () => Volatile.Read(ref _current) is { } current ? current.Bytes - current.BytesDone : 0,
            "By",
            "Bytes that the running rebalance has yet to move.");
    }

    internal void Observe(Rebalance? current) => Volatile.Write(ref _current, current);

    internal void Moved(string outcome, long bytes)
    {
        _moves.Add(1, new KeyValuePair<string, object?>("mediaaspire.outcome", outcome));
        _bytes.Add(bytes);
    }
}
