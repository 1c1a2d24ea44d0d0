using System.Data.Common;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Database;

/// <summary>A task on the database that a process completes once after its start. It is repeated until the database responds.</summary>
/// <remarks>Several processes may run the same task at once, and each may end at any time.</remarks>
/// <param name="time">The clock of the pauses.</param>
public abstract class DatabaseStartTask(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Runs the task. A failure of the database repeats it.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Logs a failure of the database.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="delay">The pause before the next attempt.</param>
    protected abstract void LogRetry(Exception failure, TimeSpan delay);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or IOException)
            {
                LogRetry(failure, s_retryDelay);
                await Task.Delay(s_retryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
