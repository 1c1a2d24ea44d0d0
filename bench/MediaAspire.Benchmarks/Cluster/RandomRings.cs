using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Benchmarks.Cluster;

/// <summary>Rings of servers with random but repeatable ids.</summary>
internal static class RandomRings
{
    public static HashRing Create(Random random, int servers) =>
        HashRing.Create(Enumerable.Range(0, servers).Select(_ => new ServerId(RandomId(random))));

    public static Guid RandomId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
