using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Limits;

/// <summary>The source of tokens that all processes share, and whether it answers. Thread-safe.</summary>
internal sealed partial class SharedTokens(ITokenSource source, LimitMetrics metrics, TimeProvider time, ILogger<SharedRateLimiter> logger)
{
    // A request waits for a Redis that does not answer at most once in this time, and the others not at all.
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private bool _isDown;
    private long _lastTry;

    /// <summary>Determines whether to use the source. After a pause one caller is told so, and its call decides for the others.</summary>
    public bool TryUse()
    {
        if (!Volatile.Read(ref _isDown))
        {
            return true;
        }

        lock (_lock)
        {
            if (time.GetElapsedTime(_lastTry) < Pause)
            {
                return false;
            }

            _lastTry = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Takes tokens.</summary>
    /// <returns><see langword="null"/> when the source did not answer.</returns>
    public async Task<TokenGrant?> TakeAsync(string name, RateLimit limit, int wanted)
    {
        try
        {
            var grant = await source.TakeAsync(name, limit, wanted);
            metrics.Leased(grant.Tokens > 0 ? "granted" : "empty");
            Set(isDown: false, reason: null);
            return grant;
        }
        catch (TokensUnavailableException failure)
        {
            metrics.Leased("failed");
            Set(isDown: true, failure.Message);
            return null;
        }
    }

    private void Set(bool isDown, string? reason)
    {
        if (!isDown && !Volatile.Read(ref _isDown))
        {
            return;
        }

        bool changed;
        lock (_lock)
        {
            changed = _isDown != isDown;
            _lastTry = time.GetTimestamp();
            Volatile.Write(ref _isDown, isDown);
        }

        if (changed && isDown)
        {
            LogDown(logger, reason!);
        }
        else if (changed)
        {
            LogUp(logger);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Rate limits are applied by each process alone until Redis answers again: {Reason}")]
    private static partial void LogDown(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rate limits are shared through Redis again")]
    private static partial void LogUp(ILogger logger);
}
