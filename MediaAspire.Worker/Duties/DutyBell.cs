using System.Collections.Concurrent;
using System.Data.Common;
using MediaAspire.Core.Database;
using MediaAspire.Core.Durability;
using Npgsql;

namespace MediaAspire.Worker.Duties;

/// <summary>Hears when a duty is wanted before its interval is over.</summary>
internal sealed partial class DutyBell(NpgsqlDataSource database, TimeProvider time, ILogger<DutyBell> logger) : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _rings = new();

    /// <summary>A task that ends at the next signal. Asked for before a run, so that none sent during it is missed.</summary>
    public Task NextRing(string duty) => (_rings[duty] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

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
                LogDeaf(exception.Message, s_retryDelay);
                await Task.Delay(s_retryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var listener = await database.ListenAsync(DutySignals.Channel, cancellationToken);
        listener.Notification += (_, signal) => Ring(signal.Payload);

        // What was signalled while nobody listened is lost: let every duty look once.
        foreach (var duty in _rings.Keys)
        {
            Ring(duty);
        }

        while (true)
        {
            await listener.WaitAsync(cancellationToken);
        }
    }

    private void Ring(string duty)
    {
        if (_rings.TryGetValue(duty, out var ring))
        {
            ring.TrySetResult();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Cannot hear signals to duties ({Reason}); trying again in {Delay}")]
    private partial void LogDeaf(string reason, TimeSpan delay);
}
