using System.Diagnostics.Metrics;
using MediaAspire.Core.Limits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Limits;

/// <summary>Limiters as the processes of the API make them.</summary>
internal static class LimiterHarness
{
    public static LimitMetrics Metrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static SharedRateLimiter Limiter(ITokenSource source, TimeProvider? time = null) =>
        new(source, Metrics(), time ?? TimeProvider.System, NullLogger<SharedRateLimiter>.Instance);

    public static async Task<int> TakeManyAsync(this SharedRateLimiter limiter, string name, RateLimit limit, int times)
    {
        var allowed = 0;
        for (var i = 0; i < times; i++)
        {
            allowed += (await limiter.TakeAsync(name, limit, CancellationToken.None)).IsAllowed ? 1 : 0;
        }

        return allowed;
    }
}
