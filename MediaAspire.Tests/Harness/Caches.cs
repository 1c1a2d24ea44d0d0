using System.Diagnostics.Metrics;
using MediaAspire.Core.Chunks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Harness;

/// <summary>Creates caches of chunks.</summary>
internal static class Caches
{
    public static ChunkCache None() => OfBytes(0);

    public static ChunkCache OfBytes(long limit)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new(Options.Create(new ChunkOptions { CacheBytes = limit }), new ChunkCacheMetrics(meters));
    }
}
