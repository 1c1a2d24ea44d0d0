using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MediaAspire.Core.Redis;

/// <summary>Logs when a Redis server stops responding and when it is back, once each.</summary>
/// <remarks>The client itself logs a stack trace with every attempt to reconnect; its own log is off in the settings files.</remarks>
internal sealed partial class RedisConnectionLog(
    IConnectionMultiplexer connection, TimeProvider time, ILogger<RedisConnectionLog> logger) : IHostedService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EndPoint, long> _awaySince = [];

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        connection.ConnectionFailed += OnFailed;
        connection.ConnectionRestored += OnRestored;
        foreach (var server in connection.GetServers().Where(server => !server.IsConnected))
        {
            RecordAway(server.EndPoint, "it was not reachable at the start");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        // Before the connection is closed, which is not a failure.
        connection.ConnectionFailed -= OnFailed;
        connection.ConnectionRestored -= OnRestored;
        return Task.CompletedTask;
    }

    private void OnFailed(object? sender, ConnectionFailedEventArgs failure)
    {
        if (failure is { ConnectionType: ConnectionType.Interactive, EndPoint: { } server })
        {
            RecordAway(server, failure.Exception?.Message ?? failure.FailureType.ToString());
        }
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored is { ConnectionType: ConnectionType.Interactive, EndPoint: { } server })
        {
            lock (_gate)
            {
                if (_awaySince.Remove(server, out var since))
                {
                    LogBack(server, time.GetElapsedTime(since));
                }
            }
        }
    }

    private void RecordAway(EndPoint server, string reason)
    {
        lock (_gate)
        {
            if (_awaySince.TryAdd(server, time.GetTimestamp()))
            {
                LogAway(server, reason);
            }
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Redis at {Server} does not respond: {Reason}. What needs it fails until it is back: puts and reads of staged files, and the job "
        + "queue where it is in Redis. All else works. Reconnecting")]
    private partial void LogAway(EndPoint server, string reason);

    [LoggerMessage(LogLevel.Information, "Redis at {Server} responds again, after {Time}")]
    private partial void LogBack(EndPoint server, TimeSpan time);
}
