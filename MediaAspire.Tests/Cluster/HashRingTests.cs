using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Cluster;

public sealed class HashRingTests
{
    [Fact]
    public void Find_AnyKey_AgreesWithAScanOfTheSortedPoints()
    {
        Prop.ForAll<ulong, byte>((key, servers) =>
        {
            var ids = Servers.Make(1 + (servers % 12), seed: servers);
            var ring = HashRing.Create(ids);

            return ring.Find(key) == Scan(ids, key);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Find_KeyAtOrBeyondTheLastPoint_WrapsToTheFirst()
    {
        var (low, high) = (Servers.Make(2)[0], Servers.Make(2)[1]);
        var ring = HashRing.Create([new RingNode(high, 100), new RingNode(low, 10)]);

        Assert.Equal(low, ring.Find(0));
        Assert.Equal(low, ring.Find(10));
        Assert.Equal(high, ring.Find(11));
        Assert.Equal(high, ring.Find(100));
        Assert.Equal(low, ring.Find(101));
        Assert.Equal(low, ring.Find(ulong.MaxValue));
    }

    [Fact]
    public void Find_PointsWithTheTopBitSet_ComeAfterTheOthers()
    {
        var (small, large) = (Servers.Make(2)[0], Servers.Make(2)[1]);
        const ulong topBit = 1UL << 63;
        var ring = HashRing.Create([new RingNode(small, 5), new RingNode(large, topBit)]);

        // As a signed number, like the database's column, the large point would be the first of the ring.
        Assert.True(unchecked((long)topBit) < 5);
        Assert.Equal(large, ring.Find(6));
        Assert.Equal(small, ring.Find(topBit + 1));
    }

    [Fact]
    public void Find_OrderedAsSigned_WouldAnswerOtherwise()
    {
        var ids = Servers.Make(6);
        var ring = HashRing.Create(ids);
        var signed = ids
            .SelectMany(id => Enumerable.Range(0, 150).Select(i => new RingNode(id, HashRing.PointOf(id, i))))
            .OrderBy(node => unchecked((long)node.Point)).ToArray();
        var random = new Random(7);

        var differences = Enumerable.Range(0, 1000).Count(_ =>
        {
            var key = unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue));
            var wrong = signed.FirstOrDefault(node => node.Point >= key, signed[0]).Server;
            return wrong != ring.Find(key);
        });

        Assert.True(differences > 100, $"{differences} of 1,000 keys");
    }

    [Fact]
    public void PointOf_IsTheDocumentedHash()
    {
        var id = new ServerId(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
        byte[] key = [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 149, 0, 0, 0];

        Assert.Equal(System.IO.Hashing.XxHash64.HashToUInt64(key), HashRing.PointOf(id, 149));
    }

    [Fact]
    public void Create_NodesInAnyOrder_GivesTheSameRing()
    {
        var ids = Servers.Make(5);
        var nodes = ids.SelectMany(id => Enumerable.Range(0, 150).Select(i => new RingNode(id, HashRing.PointOf(id, i)))).ToArray();
        var shuffled = nodes.ToArray();
        new Random(3).Shuffle(shuffled);
        var (one, other) = (HashRing.Create(nodes), HashRing.Create(shuffled));

        Prop.ForAll<ulong>(key => one.Find(key) == other.Find(key)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Create_TwoServersAtOnePoint_GivesItToTheSmallerId()
    {
        ServerId[] ids = [.. Servers.Make(2).OrderBy(id => id.Value)];

        Assert.Equal(ids[0], HashRing.Create([new RingNode(ids[1], 9), new RingNode(ids[0], 9)]).Find(9));
        Assert.Equal(ids[0], HashRing.Create([new RingNode(ids[0], 9), new RingNode(ids[1], 9)]).Find(9));
    }

    [Fact]
    public void Without_SomeServers_IsTheRingThatNeverHadThem()
    {
        var ids = Servers.Make(7);
        var without = HashRing.Create(ids).Without(id => id == ids[2]);
        var never = HashRing.Create(ids.Where(id => id != ids[2]));

        Prop.ForAll<ulong>(key => without.Find(key) == never.Find(key)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Find_SixServers_GetSimilarShares()
    {
        var ring = HashRing.Create(Servers.Make(6));
        var random = new Random(11);

        var shares = Enumerable.Range(0, 60_000).CountBy(_ => ring.Find(unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue))));

        Assert.All(shares, share => Assert.InRange(share.Value, 7_000, 13_000));
    }

    [Fact]
    public void Find_Always_AllocatesNothing()
    {
        var ring = HashRing.Create(Servers.Make(6));
        ring.Find(1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (ulong key = 0; key < 1000; key++)
        {
            ring.Find(key << 54);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Find_EmptyRing_Throws() => Assert.Throws<InvalidOperationException>(() => HashRing.Empty.Find(1));

    private static ServerId Scan(ServerId[] ids, ulong key)
    {
        var nodes = ids
            .SelectMany(id => Enumerable.Range(0, HashRing.DefaultVirtualNodes).Select(i => new RingNode(id, HashRing.PointOf(id, i))))
            .OrderBy(node => node.Point).ToList();
        return nodes.Where(node => node.Point >= key).Append(nodes[0]).First().Server;
    }
}
