using MediaAspire.Core.Cluster;
using MediaAspire.Core.Durability;
using MediaAspire.Core.Ids;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Repair;

/// <summary>Keeps every chunk at the number of copies that its file asks for. docs/operations/repair.md is the operator's page.</summary>
internal sealed partial class RepairDuty : IDuty
{
    private const int PageSize = 64;

    // A run that can do nothing for so many chunks ends; the next one begins with a fresh look at the cluster.
    private const int MostFailures = 1000;

    private readonly RepairBacklog _backlog;
    private readonly EndangeredChunks _endangered;
    private readonly ChunkRepairer _repairer;
    private readonly CopyLedger _ledger;
    private readonly CopyMaker _maker;
    private readonly ClusterView _cluster;
    private readonly RepairMetrics _metrics;
    private readonly RepairOptions _options;
    private readonly CopyThrottle _throttle;
    private readonly ILogger<RepairDuty> _logger;

    private ChunkId? _surplusPosition;

    public RepairDuty(
        RepairBacklog backlog,
        EndangeredChunks endangered,
        ChunkRepairer repairer,
        CopyLedger ledger,
        CopyMaker maker,
        ClusterView cluster,
        RepairMetrics metrics,
        IOptions<RepairOptions> options,
        TimeProvider time,
        ILogger<RepairDuty> logger)
    {
        (_backlog, _endangered, _repairer, _ledger) = (backlog, endangered, repairer, ledger);
        (_maker, _cluster, _metrics, _logger) = (maker, cluster, metrics, logger);
        _options = options.Value;
        _throttle = new CopyThrottle(_options.MaxBytesPerSecond, time);
    }

    public string Name => DutyNames.Repair;

    public TimeSpan Interval => _options.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        // The first run of a process must not take an unread picture for an empty cluster.
        await _cluster.GetAsync(cancellationToken);
        var failed = await _backlog.RemoveFailedAsync(MostFailures, cancellationToken);
        _metrics.Removed("failed", failed);
        var taken = await FinishLeftAsync(cancellationToken);
        var made = await RepairAsync(cancellationToken);
        var trimmed = await TrimAsync(cancellationToken);
        if (failed + taken + made + trimmed > 0)
        {
            LogRan(made, taken, trimmed, failed);
        }

        return failed + taken + made + trimmed;
    }

    /// <summary>Finishes the copies of workers that are gone.</summary>
    private async Task<long> FinishLeftAsync(CancellationToken cancellationToken)
    {
        var left = await _ledger.FindLeftAsync(MostFailures, cancellationToken);
        foreach (var (chunk, target, size) in left)
        {
            var rate = await _throttle.WaitAsync(size, atOnce: 1, cancellationToken);
            var result = await _maker.MakeAsync(new(chunk, target, rate), cancellationToken);
            _throttle.Return(size, result);
            _metrics.Copied(result);
            await _endangered.AssessAsync([chunk], cancellationToken);
        }

        return left.Count;
    }

    /// <summary>Works through the backlog, most endangered first, until nothing is left that it can help.</summary>
    private async Task<long> RepairAsync(CancellationToken cancellationToken)
    {
        var helpless = new HashSet<ChunkId>();
        var made = 0L;
        while (helpless.Count < MostFailures)
        {
            _metrics.Backlog(await _backlog.CountAsync(cancellationToken));
            var page = await _backlog.NextAsync(helpless, PageSize, cancellationToken);
            if (page.Count == 0)
            {
                break;
            }

            var atOnce = Math.Min(_options.Concurrency, page.Count);
            await Parallel.ForEachAsync(
                page,
                new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
                async (chunk, token) =>
                {
                    var (copies, isWhole) = await _repairer.RepairAsync(chunk, _throttle, atOnce, token);
                    Interlocked.Add(ref made, copies);
                    if (!isWhole)
                    {
                        lock (helpless)
                        {
                            helpless.Add(chunk);
                        }
                    }
                });
        }

        if (helpless.Count > 0)
        {
            LogHelpless(helpless.Count);
        }

        return made;
    }

    /// <summary>Looks through a page of all chunks for copies beyond those wanted.</summary>
    private async Task<long> TrimAsync(CancellationToken cancellationToken)
    {
        (var surplus, _surplusPosition) = await _backlog.FindSurplusAsync(_surplusPosition, _options.SurplusPage, cancellationToken);
        var trimmed = 0L;
        foreach (var chunk in surplus)
        {
            trimmed += await _repairer.TrimAsync(chunk, cancellationToken);
        }

        _metrics.Removed("surplus", trimmed);
        return trimmed;
    }

    [LoggerMessage(LogLevel.Information, "Repair made {Made} copies, finished {Taken} that were left, trimmed {Trimmed} and dropped {Failed} remainders")]
    private partial void LogRan(long made, long taken, long trimmed, long failed);

    [LoggerMessage(LogLevel.Warning, "Repair could not give {Chunks} chunks all their copies: too few servers are online, have room or hold a good copy")]
    private partial void LogHelpless(int chunks);
}
