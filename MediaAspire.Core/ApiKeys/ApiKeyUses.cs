using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ApiKeys;

/// <summary>Collects the last uses of keys, and writes them from time to time in one statement.</summary>
/// <remarks>
/// Thread-safe. A key's use is recorded once after each read of the key, so the time may lag by the lifetime of the cache.
/// </remarks>
public sealed partial class ApiKeyUses(
    ApiKeyStore store, IOptions<ApiKeyOptions> options, TimeProvider time, ILogger<ApiKeyUses> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, long> _uses = new(StringComparer.Ordinal);

    /// <summary>Records a use of a key.</summary>
    public void Record(ApiKey key)
    {
        if (key.TryMarkUsed())
        {
            _uses[key.Id] = time.GetTimestamp();
        }
    }

    /// <summary>Writes the uses since the last write. Those of a write that fails are written by the next one.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        var uses = _uses.ToArray();
        if (uses.Length == 0)
        {
            return;
        }

        await store.RecordUsesAsync(
            [.. uses.Select(use => use.Key)],
            [.. uses.Select(use => time.GetElapsedTime(use.Value).TotalSeconds)],
            cancellationToken);
        foreach (var use in uses)
        {
            // Not when the key has been used since.
            _uses.TryRemove(use);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.UsesWrittenEvery, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The last write is below: the process is ending.
            }

            try
            {
                await WriteAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                LogFailed(exception, _uses.Count);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Writing the last uses of {Keys} API keys failed; the next write includes them")]
    private partial void LogFailed(Exception exception, int keys);
}
