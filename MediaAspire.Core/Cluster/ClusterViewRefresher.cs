using System.Data.Common;
using MediaAspire.Core.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Cluster;

/// <summary>Reads the view anew whenever the cluster says that it changed, and on a timer in case a message was lost.</summary>
internal sealed partial class ClusterViewRefresher(
    NpgsqlDataSource database,
    ClusterView view,
    IOptions<ClusterOptions> options,
    TimeProvider time,
    ILogger<ClusterViewRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogListeningFailed(exception, s_retryDelay);
                await Task.Delay(s_retryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var listener = await database.ListenAsync(NodeRegistry.Channel, cancellationToken);

        // Listening comes first: a change between the two is read twice rather than missed.
        await view.RefreshAsync(cancellationToken);
        while (true)
        {
            await WaitForChangeAsync(listener, cancellationToken);
            await view.RefreshAsync(cancellationToken);
            LogRefreshed(view.Current.Ring.Servers.Length, view.Current.Servers.Count);
        }
    }

    private async Task WaitForChangeAsync(DatabaseListener listener, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.Value.RefreshInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await listener.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogTimerElapsed(options.Value.RefreshInterval);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The cluster has {Online} servers online of {Known}")]
    private partial void LogRefreshed(int online, int known);

    [LoggerMessage(LogLevel.Trace, "No notification for {Interval}; reading the cluster anyway")]
    private partial void LogTimerElapsed(TimeSpan interval);

    [LoggerMessage(LogLevel.Warning, "Cannot follow the cluster's changes; trying again in {Delay}")]
    private partial void LogListeningFailed(Exception exception, TimeSpan delay);
}
