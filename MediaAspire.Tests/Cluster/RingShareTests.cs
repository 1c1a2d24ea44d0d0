using MediaAspire.Core.Cluster;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Cluster;

public sealed class RingShareTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(40)]
    public void Shares_AnyRing_SumToOneAndSayHowManyKeysFindReturns(int servers)
    {
        const int Keys = 200_000;
        var ring = HashRing.Create(Servers.Make(servers));
        var random = new Random(7);
        var hits = new int[servers];
        for (var i = 0; i < Keys; i++)
        {
            hits[ring.Servers.IndexOf(ring.Find((ulong)random.NextInt64(long.MinValue, long.MaxValue)))]++;
        }

        var shares = ring.Shares();

        Assert.Equal(1, shares.Sum(), precision: 9);
        Assert.All(shares.Zip(hits), pair => Assert.InRange(pair.First - ((double)pair.Second / Keys), -0.01, 0.01));
    }

    [Fact]
    public void Shares_TwoPoints_AreTheKeysFromTheOtherPointOn()
    {
        var (a, b) = (Servers.Make(2)[0], Servers.Make(2)[1]);
        var ring = HashRing.Create([new RingNode(a, 0), new RingNode(b, 1UL << 62)]);

        var shares = ring.Shares();

        Assert.Equal(0.75, shares[ring.Servers.IndexOf(a)]);
        Assert.Equal(0.25, shares[ring.Servers.IndexOf(b)]);
    }

    [Fact]
    public void Shares_SmallestRings_AreOneOrNothing()
    {
        Assert.Empty(HashRing.Empty.Shares());
        Assert.Equal([1.0], HashRing.Create([new RingNode(Servers.Make(1)[0], 5)]).Shares());
    }

    [Fact]
    public void Walk_AnyKey_StartsWithItsOwnerAndMeetsEveryServerOnce()
    {
        var ring = HashRing.Create(Servers.Make(6));

        foreach (var key in new ulong[] { 0, 1, ulong.MaxValue / 3, ulong.MaxValue })
        {
            var walk = ring.Walk(key).ToList();

            Assert.Equal(ring.Find(key), walk[0]);
            Assert.Equal(ring.Servers.ToArray().ToHashSet(), walk.ToHashSet());
            Assert.Equal(6, walk.Count);
        }

        Assert.Empty(HashRing.Empty.Walk(1));
    }

    [Fact]
    public void PointCounts_ServersWithDifferentNumbers_AreCounted()
    {
        var ids = Servers.Make(2);
        var ring = HashRing.Create([new RingNode(ids[0], 1), new RingNode(ids[1], 2), new RingNode(ids[0], 3)]);

        Assert.Equal(2, ring.PointCounts()[ring.Servers.IndexOf(ids[0])]);
        Assert.Equal(1, ring.PointCounts()[ring.Servers.IndexOf(ids[1])]);
    }
}
