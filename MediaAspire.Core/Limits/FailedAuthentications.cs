using System.Net;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Limits;

/// <summary>Counts the requests of each address whose authentication failed, and says when there are too many. Thread-safe.</summary>
/// <remarks>
/// A sender that authenticates is never refused because of others behind the same address: an attacker behind a shared address, or an
/// operator who forgot to name a proxy, must not lock everybody out. Only failing requests are refused, before they cost a look-up.
/// </remarks>
public sealed class FailedAuthentications(
    SharedRateLimiter rates, IOptions<LimitOptions> options, LimitMetrics metrics, TimeProvider time)
{
    private readonly RateLimit _limit = options.Value.OfFailures;
    private long _refusedUntil = long.MinValue;

    /// <summary>Determines whether an address has failed too often to cause more look-ups of keys.</summary>
    /// <returns>The time until it may again; zero when it may now.</returns>
    public TimeSpan RefusedFor(IPAddress? address)
    {
        // Without a refusal anywhere, which is nearly always, no name is made.
        if (time.GetTimestamp() >= Volatile.Read(ref _refusedUntil))
        {
            return TimeSpan.Zero;
        }

        return rates.RefusedFor(NameOf(address));
    }

    /// <summary>Counts a request that was refused because of <see cref="RefusedFor"/>.</summary>
    public void CountRefusal() => metrics.Refused(LimitMetrics.FailedAuthentication);

    /// <summary>Counts a failure.</summary>
    /// <returns>A refusal when there were too many: the response is that, and not the reason of the failure.</returns>
    public async ValueTask<RateDecision> CountAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        var decision = await rates.TakeAsync(NameOf(address), _limit, cancellationToken);
        if (!decision.IsAllowed)
        {
            metrics.Refused(LimitMetrics.FailedAuthentication);
            var until = time.GetTimestamp() + (long)(decision.RetryAfter.TotalSeconds * time.TimestampFrequency);
            InterlockedMax(ref _refusedUntil, until);
        }

        return decision;
    }

    private static string NameOf(IPAddress? address) => $"failures:{ClientAddress.NameOf(address)}";

    private static void InterlockedMax(ref long location, long value)
    {
        var seen = Volatile.Read(ref location);
        while (seen < value && Interlocked.CompareExchange(ref location, value, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}
