using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Sweeping;

/// <summary>Compares the chunk files on every server's disk with the rows, both ways.</summary>
internal sealed partial class OrphansDuty(
    ClusterView cluster, DiskComparer comparer, IOptions<SweepingOptions> options, ILogger<OrphansDuty> logger) : IDuty
{
    public string Name => DutyNames.Orphans;

    public TimeSpan Interval => options.Value.OrphansInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var compared = 0L;
        foreach (var server in (await cluster.RefreshAsync(cancellationToken)).Servers)
        {
            if (server.Status is not (ServerStatus.Online or ServerStatus.Draining))
            {
                continue;
            }

            try
            {
                compared += await comparer.CompareAsync(server, cancellationToken);
            }
            catch (ChunkNodeException failure)
            {
                LogServerFailed(server.Name, failure.Message);
            }
        }

        return compared;
    }

    [LoggerMessage(LogLevel.Warning, "Comparing the disk of server {Server} failed and is repeated at the next run: {Reason}")]
    private partial void LogServerFailed(string server, string reason);
}
