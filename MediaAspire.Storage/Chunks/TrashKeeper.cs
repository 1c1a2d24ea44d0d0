using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Chunks;

/// <summary>The node's own duty of emptying the trash of what has been there for its retention.</summary>
internal sealed partial class TrashKeeper(
    ChunkStore store, IOptions<StorageOptions> options, TimeProvider time, ILogger<TrashKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromTicks(
            Math.Clamp(options.Value.TrashRetention.Ticks / 10, s_shortestPause.Ticks, s_longestPause.Ticks));
        using var timer = new PeriodicTimer(pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Guard(() => Run(stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Guard(store.SaveTrashClock);
        }
    }

    private void Run(CancellationToken cancellationToken)
    {
        var (files, bytes) = store.AgeTrash(cancellationToken);
        if (files > 0)
        {
            LogEmptied(files, bytes);
        }
    }

    /// <summary>Runs a step that the next one repeats if the disk fails.</summary>
    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Deleted {Files} files, {Bytes} bytes, whose time in the trash was over")]
    private partial void LogEmptied(long files, long bytes);

    [LoggerMessage(LogLevel.Warning, "Emptying the trash failed, and is repeated: {Reason}")]
    private partial void LogFailed(string reason);
}
