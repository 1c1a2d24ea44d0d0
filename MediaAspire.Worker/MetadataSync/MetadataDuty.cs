using MediaAspire.Core.Duties;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MetadataSync;

/// <summary>Opens the next generation of the catalog in Redis after one was closed, and runs comparisons and rebuilds.</summary>
internal sealed partial class MetadataDuty(
    GenerationOpener opener,
    GenerationTable table,
    GenerationLease lease,
    MetadataRuns runs,
    MetadataRunner runner,
    IOptions<MetadataOptions> options,
    TimeProvider time,
    ILogger<MetadataDuty> logger) : IDuty
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_shortLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    private string? _problem;
    private string? _nonce;
    private long _openedAt;
    private long _filledAt;
    private int _shortLives;

    public string Name => DutyNames.Metadata;

    public TimeSpan Interval => TimeSpan.FromSeconds(5);

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        if (!await TryOpenAsync(cancellationToken))
        {
            return 0;
        }

        await RequestFillAsync(cancellationToken);
        var done = 0L;
        while (await runs.TakeAsync(cancellationToken) is { } run)
        {
            done += await runner.RunAsync(run, cancellationToken);
            if (!await TryOpenAsync(cancellationToken))
            {
                break;
            }
        }

        return done;
    }

    private async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var current = await lease.RenewAsync(cancellationToken);
        if (!current.IsHot)
        {
            await PauseAsync(cancellationToken);
        }

        while (await opener.TryOpenAsync(cancellationToken) is { } problem)
        {
            await table.ExplainAsync(lease.Last!.Nonce, problem, cancellationToken);
            if (problem != _problem)
            {
                LogNotOpened(problem);
            }

            _problem = problem;
            if (time.GetElapsedTime(startedAt) > s_patience)
            {
                return false;
            }

            await Task.Delay(s_retryDelay, time, cancellationToken);
        }

        _problem = null;
        return true;
    }

    /// <summary>Waits longer each time that a generation was closed soon after it was opened: each closing delays writes.</summary>
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        _shortLives = _nonce is not null && time.GetElapsedTime(_openedAt) < s_shortLife ? _shortLives + 1 : 0;
        if (_shortLives > 1)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(s_longestPause.TotalSeconds, Math.Pow(2, _shortLives - 2)));
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Requests that a new generation is filled, and that values which have left Redis return.</summary>
    private async Task RequestFillAsync(CancellationToken cancellationToken)
    {
        var isNew = lease.Last!.Nonce != _nonce;
        if (isNew)
        {
            (_nonce, _openedAt) = (lease.Last.Nonce, time.GetTimestamp());
        }

        if (isNew || time.GetElapsedTime(_filledAt) >= options.Value.SyncInterval)
        {
            await runs.RequestAsync(MetadataRunKinds.Fill, source: null, isDryRun: false, cancellationToken);
            _filledAt = time.GetTimestamp();
        }
    }

    [LoggerMessage(LogLevel.Warning, "No generation of the catalog in Redis can be opened: {Reason}")]
    private partial void LogNotOpened(string reason);
}
