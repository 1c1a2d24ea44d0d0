using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Limits;

/// <summary>The limits of keys as they were read last, so that no request reads them. Thread-safe.</summary>
public sealed partial class KeyLimitSnapshot(
    KeyLimitStore store, IOptions<LimitOptions> options, TimeProvider time, ILogger<KeyLimitSnapshot> logger) : BackgroundService
{
    private FrozenDictionary<LimitedKey, KeyLimits> _limits = FrozenDictionary<LimitedKey, KeyLimits>.Empty;

    /// <summary>Finds the limits of a key; <see langword="null"/> for those of the settings.</summary>
    public KeyLimits? Find(LimitedKey key)
    {
        var limits = Volatile.Read(ref _limits);
        return limits.Count == 0 ? null : limits.GetValueOrDefault(key);
    }

    /// <summary>Reads the limits; for the process that changed one.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var read = await store.ReadAllAsync(cancellationToken);
        Volatile.Write(ref _limits, read.ToFrozenDictionary());
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.KeyLimitsReadEvery, time);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (NpgsqlException failure)
            {
                // The limits that were read last stay.
                LogFailed(logger, failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Reading the limits of keys failed, and those that were read last stay: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
