using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Scrubbing;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Scrubbing;

/// <summary>Has every copy read back within a period, server by server, and resumes after any interruption.</summary>
internal sealed partial class ScrubDuty(
    ScrubLedger ledger, ServerScrubber scrubber, ClusterView cluster, ScrubMetrics metrics,
    IOptions<ScrubOptions> options, ILogger<ScrubDuty> logger)
    : IDuty
{
    // A scheduled scrub ends a little before the next one is due.
    private const double SpreadShare = 0.9;

    public string Name => DutyNames.Scrub;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var run = await FindRunAsync(cancellationToken);
        metrics.Show(run?.Totals);
        if (run is null || run.State != ScrubState.Running)
        {
            return 0;
        }

        await ledger.PrepareAsync(run.Id, cancellationToken);
        var copies = await ScrubServersAsync(run, cancellationToken);
        metrics.Show((await ledger.FindOpenAsync(cancellationToken))?.Totals);
        return copies;
    }

    private async Task<ScrubRun?> FindRunAsync(CancellationToken cancellationToken)
    {
        var open = await ledger.FindOpenAsync(cancellationToken);
        if (open is not null || !options.Value.Scheduled)
        {
            return open;
        }

        await ledger.TryScheduleAsync(options.Value.Period, options.Value.Period * SpreadShare, cancellationToken);
        return await ledger.FindOpenAsync(cancellationToken);
    }

    private async Task<long> ScrubServersAsync(ScrubRun run, CancellationToken cancellationToken)
    {
        var snapshot = await cluster.RefreshAsync(cancellationToken);
        var present = new List<(ScrubServer Progress, ClusterServer Server)>();
        var away = new List<Core.Ids.ServerId>();
        foreach (var progress in await ledger.ListServersAsync(run.Id, cancellationToken))
        {
            if (progress.IsDone)
            {
                continue;
            }

            switch (snapshot.TryGetServer(progress.Server, out var server) ? server.Status : ServerStatus.Removed)
            {
                case ServerStatus.Removed:
                    await ledger.EndServerAsync(run.Id, progress.Server, cancellationToken);
                    break;
                case ServerStatus.Offline:
                    away.Add(progress.Server);
                    break;
                default:
                    present.Add((progress, server!));
                    break;
            }
        }

        // Each server gets its share, so that together they stay within the limit.
        var share = options.Value.MaxBytesPerSecond / Math.Max(1, present.Count * options.Value.ConcurrentPerServer);
        var results = await Task.WhenAll(
            present.Select(pair => scrubber.ScrubAsync(run, pair.Progress, pair.Server, share, cancellationToken)));
        away.AddRange(results.Zip(present).Where(pair => pair.First.IsAway).Select(pair => pair.Second.Server.Id));

        if (await ledger.TryCompleteAsync(run.Id, away, options.Value.WaitForAbsent, cancellationToken))
        {
            LogCompleted(run.Trigger, run.Id);
        }

        return results.Sum(result => result.Copies);
    }

    [LoggerMessage(LogLevel.Information, "The {Trigger} scrub {ScrubId} is completed")]
    private partial void LogCompleted(string trigger, Guid scrubId);
}
