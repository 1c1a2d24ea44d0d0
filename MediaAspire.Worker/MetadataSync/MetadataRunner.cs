using MediaAspire.Core.Media.Redis;
using Npgsql;

namespace MediaAspire.Worker.MetadataSync;

/// <summary>Does a comparison or a rebuild, and records its progress.</summary>
internal sealed partial class MetadataRunner(
    MetadataRuns runs,
    MetadataComparison comparison,
    MetadataImport import,
    GenerationLease lease,
    GenerationOpener opener,
    TimeProvider time,
    ILogger<MetadataRunner> logger)
{
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Does a run to its end; a failure is recorded with it.</summary>
    /// <returns>The number of items that were dealt with.</returns>
    public async Task<long> RunAsync(MetadataRun run, CancellationToken cancellationToken)
    {
        var tally = new MetadataTally();
        string? error = null;
        try
        {
            await DoAsync(run, tally, Progress(run, tally, cancellationToken), cancellationToken);
            LogDone(run.Kind, run.Id, tally.Done);
        }
        catch (Exception failure) when (failure is MetadataRunException or PostgresException { IsTransient: false })
        {
            // A run that PostgreSQL refuses would fail again, and keep all others waiting.
            error = failure.Message;
            LogFailed(run.Kind, run.Id, error);
        }

        await runs.EndAsync(run.Id, tally, error, cancellationToken);
        return tally.Done;
    }

    private Task DoAsync(MetadataRun run, MetadataTally tally, Func<Task> progress, CancellationToken cancellationToken) => run.Kind switch
    {
        MetadataRunKinds.Compare => comparison.RunAsync(repairs: false, tally, progress, cancellationToken),
        MetadataRunKinds.Fill => comparison.RunAsync(repairs: true, tally, progress, cancellationToken),
        MetadataRunKinds.ToRedis => RebuildAsync(tally, progress, cancellationToken),
        MetadataRunKinds.ToPostgres => ImportAsync(run, tally, progress, cancellationToken),
        _ => throw new MetadataRunException($"This build does not know the kind '{run.Kind}'. A newer one requested it."),
    };

    private async Task RebuildAsync(MetadataTally tally, Func<Task> progress, CancellationToken cancellationToken)
    {
        await CloseAsync("An operator requested a rebuild of Redis.", cancellationToken);
        if (await opener.TryOpenAsync(cancellationToken) is { } problem)
        {
            throw new MetadataRunException(problem);
        }

        await comparison.RunAsync(repairs: true, tally, progress, cancellationToken);
    }

    private async Task ImportAsync(MetadataRun run, MetadataTally tally, Func<Task> progress, CancellationToken cancellationToken)
    {
        if (!run.IsDryRun)
        {
            // The import writes to PostgreSQL alone.
            var closed = await CloseAsync("An import into PostgreSQL is running.", cancellationToken);
            await lease.WaitUntilUnreadAsync(closed, cancellationToken);
        }

        await import.RunAsync(run.Source!, run.IsDryRun, tally, progress, cancellationToken);
    }

    private async Task<MetadataGeneration> CloseAsync(string reason, CancellationToken cancellationToken)
    {
        var current = await lease.RenewAsync(cancellationToken);
        return current.IsHot ? await lease.CloseAsync(current, reason, cancellationToken) : current;
    }

    private Func<Task> Progress(MetadataRun run, MetadataTally tally, CancellationToken cancellationToken)
    {
        var reportedAt = time.GetTimestamp();
        return async () =>
        {
            if (time.GetElapsedTime(reportedAt) >= s_reportInterval)
            {
                reportedAt = time.GetTimestamp();
                await runs.ReportAsync(run.Id, tally, cancellationToken);
            }
        };
    }

    [LoggerMessage(LogLevel.Information, "Run {Kind} {Run} of the catalog's stores is done: {Items} items")]
    private partial void LogDone(string kind, Guid run, long items);

    [LoggerMessage(LogLevel.Warning, "Run {Kind} {Run} of the catalog's stores failed: {Reason}")]
    private partial void LogFailed(string kind, Guid run, string reason);
}
