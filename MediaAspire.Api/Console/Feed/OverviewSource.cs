using System.Diagnostics.Metrics;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Files;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Api.Console.Feed;

/// <summary>The traffic, the space and the health of this moment.</summary>
/// <remarks>A value costs no statement; the health is checked every ten seconds.</remarks>
internal sealed class OverviewSource(
    IMeterFactory meters, FileMetrics files, ClusterView cluster, HealthCheckService health, TimeProvider time)
    : IFeedSource, IDisposable
{
    private static readonly TimeSpan s_healthPeriod = TimeSpan.FromSeconds(10);

    private Observation? _now;

    public string Name => "overview";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    public IDisposable Begin() => _now = new Observation(meters, files.Transfers, time);

    public async Task<object> ReadAsync(CancellationToken cancellationToken)
    {
        var now = _now ?? throw new InvalidOperationException("The topic is read before it has begun.");
        if (now.IsHealthDue(s_healthPeriod))
        {
            now.Health = HealthOf(await health.CheckHealthAsync(cancellationToken));
        }

        return now.Take([.. cluster.Current.Servers.Where(server => server.Status != ServerStatus.Removed)]);
    }

    public void Dispose() => _now?.Dispose();

    private static IReadOnlyList<HealthResponse> HealthOf(HealthReport report) =>
        [.. report.Entries.Select(entry => new HealthResponse(entry.Key, $"{entry.Value.Status}", entry.Value.Description))];

    /// <summary>The time between the first listener and the end of the last one.</summary>
    private sealed class Observation(IMeterFactory meters, TransferCounters transfers, TimeProvider time) : IDisposable
    {
        private readonly LiveRequests _requests = new(meters);
        private long _at = time.GetTimestamp();
        private long _received = transfers.Received;
        private long _sent = transfers.Sent;
        private long? _healthAt;

        public IReadOnlyList<HealthResponse> Health { get; set; } = [];

        public bool IsHealthDue(TimeSpan period)
        {
            if (_healthAt is { } last && time.GetElapsedTime(last) < period)
            {
                return false;
            }

            _healthAt = time.GetTimestamp();
            return true;
        }

        public OverviewResponse Take(List<ClusterServer> nodes)
        {
            var (at, received, sent) = (time.GetTimestamp(), transfers.Received, transfers.Sent);
            var window = _requests.Take();
            var seconds = Math.Max(time.GetElapsedTime(_at, at).TotalSeconds, 0.001);
            var (count, _, median) = window.Durations.Read(0.5);
            var (_, _, slow) = window.Durations.Read(0.95);
            var (_, _, slowest) = window.Durations.Read(0.99);
            var overview = new OverviewResponse(
                $"{Environment.MachineName}:{Environment.ProcessId}",
                time.GetUtcNow(),
                count / seconds,
                window.Refused / seconds,
                window.Failed / seconds,
                (received - _received) / seconds,
                (sent - _sent) / seconds,
                count == 0 ? null : median,
                count == 0 ? null : slow,
                count == 0 ? null : slowest,
                nodes.Sum(node => node.ChunkBytes),
                nodes.Sum(node => node.TrashBytes),
                nodes.Sum(node => node.AvailableBytes),
                nodes.Count,
                nodes.Count(node => node.Status == ServerStatus.Online),
                Health);
            (_at, _received, _sent) = (at, received, sent);
            return overview;
        }

        public void Dispose() => _requests.Dispose();
    }
}
