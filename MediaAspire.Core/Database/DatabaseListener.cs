using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Receives the signals that transactions send by NOTIFY, on one connection for all subscribers of the process.</summary>
/// <remarks>
/// A lost connection is replaced, and so is one that has not looked for signals for three intervals. Stopping returns within
/// <see cref="StopLimit"/>, even if the connection hangs. Thread-safe.
/// </remarks>
public sealed partial class DatabaseListener(
    NpgsqlDataSource database, DatabaseMetrics metrics, TimeProvider time, ILogger<DatabaseListener> logger) : BackgroundService
{
    private const int IntervalsUntilStuck = 3;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _hasSubscriber = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<SignalSubscription> _subscriptions = [];
    private long _lookedAt = time.GetTimestamp();

    /// <summary>The longest time that stopping takes.</summary>
    public static TimeSpan StopLimit { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The interval in which the listener looks for signals at least once; usually it looks several times.</summary>
    internal TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time that one wait for signals lasts, and that a subscription or a stop goes unnoticed.</summary>
    internal TimeSpan WaitLimit { get; init; } = TimeSpan.FromMilliseconds(250);

    internal ImmutableArray<SignalSubscription> Subscriptions => _subscriptions;

    /// <summary>Waits for signals on a connection, until one comes or the limit is over. Replaced by tests.</summary>
    internal Func<NpgsqlConnection, TimeSpan, Task> Wait { get; init; } =
        static (connection, limit) => connection.WaitAsync(limit, CancellationToken.None);

    /// <summary>Gets a value indicating whether the listener has missed three of its intervals.</summary>
    public bool IsStuck => SinceLastLook >= IntervalsUntilStuck * Interval;

    /// <summary>Gets the time since the listener last looked for signals.</summary>
    public TimeSpan SinceLastLook => _subscriptions.IsEmpty ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref _lookedAt));

    /// <summary>Subscribes to a channel, until the result is disposed.</summary>
    /// <param name="channel">The channel, a name in lower case.</param>
    /// <param name="receive">
    /// Called with the payload of every signal, and with null when signals may have been missed: at the start, and after each new
    /// connection. It is called for one signal at a time, delays all others, and must not throw.
    /// </param>
    public IDisposable Subscribe(string channel, Action<string?> receive)
    {
        var subscription = new SignalSubscription(channel, receive, Unsubscribe);
        if (_subscriptions.IsEmpty)
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
        }

        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        _hasSubscriber.TrySetResult();
        return subscription;
    }

    internal void RecordLook() => Volatile.Write(ref _lookedAt, time.GetTimestamp());

    internal void RecordListening(string channels, int backend) => LogListening(channels, backend);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Observe(this);
        await _hasSubscriber.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int? stuckBackend = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var connection = new ListeningConnection(database, this, stuckBackend, ended.Token);
            var running = connection.RunAsync();
            await WatchAsync(connection, running, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
            {
                await EndAsync(running);
                return;
            }

            stuckBackend = running.IsCompleted ? null : connection.Backend;
            if (running.IsCompleted)
            {
                await ExplainAsync(running, stoppingToken);
            }
            else
            {
                // It may hang for ever, so it is not awaited. If it continues, it observes the cancellation and ends.
                await ended.CancelAsync();
                metrics.Replaced("stuck");
                LogStuck(IntervalsUntilStuck * Interval);
            }
        }
    }

    /// <summary>Returns when the connection is lost, hangs, or is not needed any more.</summary>
    private async Task WatchAsync(ListeningConnection connection, Task running, CancellationToken stoppingToken)
    {
        // Looks are counted, not timed: a process that was paused as a whole has not missed any.
        for (int missed = 0, looks = 0; missed < IntervalsUntilStuck; missed = looks == connection.Looks ? missed + 1 : 0)
        {
            looks = connection.Looks;
            await running.WaitAsync(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (running.IsCompleted || stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task EndAsync(Task running)
    {
        await running.WaitAsync(StopLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted)
        {
            LogLeftBehind(StopLimit);
        }
    }

    private async Task ExplainAsync(Task running, CancellationToken stoppingToken)
    {
        try
        {
            await running;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
        {
            metrics.Replaced("lost");
            LogLost(exception.Message, s_retryDelay);
            await Task.Delay(s_retryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Unsubscribe(SignalSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, static (all, removed) => all.Remove(removed), subscription);

    [LoggerMessage(LogLevel.Debug, "Listening to {Channels} on the connection of backend {Backend}")]
    private partial void LogListening(string channels, int backend);

    [LoggerMessage(LogLevel.Warning, "Listening to the database failed: {Reason}. Connecting again in {Delay}")]
    private partial void LogLost(string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Warning, "The connection that listens to the database has not looked for signals for {Time}; replacing it")]
    private partial void LogStuck(TimeSpan time);

    [LoggerMessage(LogLevel.Warning, "The connection that listens to the database did not end within {Limit}; stopping without it")]
    private partial void LogLeftBehind(TimeSpan limit);
}
