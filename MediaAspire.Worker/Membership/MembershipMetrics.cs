using System.Diagnostics.Metrics;
using MediaAspire.Core.Cluster;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Membership;

/// <summary>The metrics of every server that is not removed, in the worker that leads the duty.</summary>
public sealed class MembershipMetrics
{
    public const string MeterName = "MediaAspire.Membership";

    // A worker that no longer leads must not go on reporting old values.
    private static readonly TimeSpan s_leastLife = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly TimeSpan _life;
    private readonly Counter<long> _silent;
    private Observation? _last;

    public MembershipMetrics(IMeterFactory meters, IOptions<MembershipOptions> options, TimeProvider time)
    {
        _time = time;
        _life = options.Value.Interval * 3 > s_leastLife ? options.Value.Interval * 3 : s_leastLife;
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "mediaaspire.membership.heartbeat.age", () => Measure(server => server.HeartbeatAge.TotalSeconds), "s",
            "Time since a server's last report, by the database's clock.");
        meter.CreateObservableGauge(
            "mediaaspire.membership.available", () => Measure(server => server.AvailableBytes), "By",
            "Bytes that a server can still take.");
        meter.CreateObservableGauge(
            "mediaaspire.membership.used", () => Measure(server => server.UsedBytes), "By", "Bytes of a server's chunks.");
        meter.CreateObservableGauge(
            "mediaaspire.membership.chunks", () => Measure(server => server.ChunkCount), "{chunk}", "A server's chunks.");
        _silent = meter.CreateCounter<long>(
            "mediaaspire.membership.silent", "{server}", "Times that a server was marked offline because its heartbeats stopped.");
    }

    internal void Observe(IReadOnlyList<ClusterServer> servers) => Volatile.Write(ref _last, new(servers, _time.GetTimestamp()));

    internal void CountSilent(int servers) => _silent.Add(servers);

    private IEnumerable<Measurement<T>> Measure<T>(Func<ClusterServer, T> value)
        where T : struct =>
        Volatile.Read(ref _last) is { } last && _time.GetElapsedTime(last.At) < _life
            ? last.Servers.Where(server => server.Status != ServerStatus.Removed).Select(server => new Measurement<T>(
                value(server),
                new KeyValuePair<string, object?>("mediaaspire.server", server.Name),
                new KeyValuePair<string, object?>("mediaaspire.server.status", server.Status.ToText())))
            : [];

    private sealed record Observation(IReadOnlyList<ClusterServer> Servers, long At);
}
