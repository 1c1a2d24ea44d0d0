using System.Data.Common;
using MediaAspire.Core.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>Refreshes the view at each signal that the cluster changed, and on a timer in case a signal was lost.</summary>
internal sealed partial class ClusterViewRefresher(
    DatabaseListener listener,
    ClusterView view,
    IOptions<ClusterOptions> options,
    TimeProvider time,
    ILogger<ClusterViewRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private TaskCompletionSource _changed = New();
    private HashSet<DetectedRestore> _reported = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = listener.Subscribe(NodeRegistry.Channel, _ => Volatile.Read(ref _changed).TrySetResult());
        while (!stoppingToken.IsCancellationRequested)
        {
            // Before the read: a change that comes during it is read once more rather than missed.
            Volatile.Write(ref _changed, New());
            try
            {
                await view.RefreshAsync(stoppingToken);
                LogRefreshed(view.Current.Ring.Servers.Length, view.Current.Servers.Count);
                ReportRestores(view.Current.History?.OpenRestores ?? []);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogRefreshFailed(exception.Message, s_retryDelay);
                await Task.Delay(s_retryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            await _changed.Task.WaitAsync(options.Value.RefreshInterval, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Logs each open restore once.</summary>
    private void ReportRestores(IReadOnlyList<DetectedRestore> open)
    {
        foreach (var restore in open.Where(restore => !_reported.Contains(restore)))
        {
            LogRestored(restore.Describe());
        }

        _reported = [.. open];
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Debug, "The cluster has {Online} servers online of {Known}")]
    private partial void LogRefreshed(int online, int known);

    [LoggerMessage(LogLevel.Error, "The database was restored: {Reason}")]
    private partial void LogRestored(string reason);

    [LoggerMessage(LogLevel.Warning, "Reading the cluster's servers failed: {Reason}. Trying again in {Delay}")]
    private partial void LogRefreshFailed(string reason, TimeSpan delay);
}
