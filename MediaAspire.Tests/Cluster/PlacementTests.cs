using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Cluster;

public sealed class PlacementTests
{
    private static readonly Arbitrary<(Guid File, int Servers, int Chunks, int Copies)> s_cases = Gen.Choose(1, 15)
        .SelectMany(servers => Gen.Choose(0, 20), (servers, chunks) => (servers, chunks))
        .SelectMany(pair => Gen.Choose(1, 4), (pair, copies) => (pair.servers, pair.chunks, copies))
        .SelectMany(three => ArbMap.Default.GeneratorFor<Guid>(), (three, file) => (file, three.servers, three.chunks, three.copies))
        .ToArbitrary();

    [Fact]
    public void Place_AnyCase_PutsNoTwoCopiesOfAChunkTogether() => Check((ring, file, chunks, copies) =>
    {
        var plan = Placement.Place(ring, file, chunks, copies);

        return plan.Copies == Math.Min(copies, ring.Servers.Length)
            && plan.IsDegraded == (ring.Servers.Length < copies)
            && Chunks(plan).All(servers => servers.Distinct().Count() == plan.Copies);
    });

    [Fact]
    public void Place_AnyCase_SpreadsFirstCopiesEvenly() => Check((ring, file, chunks, copies) =>
    {
        var bound = (chunks + ring.Servers.Length - 1) / ring.Servers.Length;

        return Chunks(Placement.Place(ring, file, chunks, copies)).CountBy(servers => servers[0]).All(count => count.Value <= bound);
    });

    [Fact]
    public void Place_Twice_GivesTheSamePlaces() => Check((ring, file, chunks, copies) =>
        Chunks(Placement.Place(ring, file, chunks, copies)).SelectMany(servers => servers)
            .SequenceEqual(Chunks(Placement.Place(ring, file, chunks, copies)).SelectMany(servers => servers)));

    [Fact]
    public void Next_NumberOfChunksUnknown_KeepsTheSamePromises() => Check((ring, file, chunks, copies) =>
    {
        var placement = Placement.Start(ring, file, copies);
        var places = Enumerable.Range(0, chunks).Select(_ => placement.Next()).ToList();
        var bound = chunks == 0 ? 0 : 1 + ((chunks - 1) / ring.Servers.Length);

        return places.All(servers => servers.Distinct().Count() == Math.Min(copies, ring.Servers.Length))
            && places.CountBy(servers => servers[0]).All(count => count.Value <= bound);
    });

    [Fact]
    public void Candidates_AnyCase_AreAllServersOnceTheRingsChoiceFirst() => Check((ring, file, chunks, copies) =>
    {
        var candidates = Placement.Candidates(ring, file, chunks, copies).ToList();

        return candidates.Count == ring.Servers.Length
            && candidates.Distinct().Count() == candidates.Count
            && candidates[0] == ring.Find(Placement.EntryPoint(file, chunks, copies));
    });

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(12)]
    public void Place_SixChunksOnSixServersOrMore_PutsEveryFirstCopyOnItsOwn(int servers)
    {
        var ring = HashRing.Create(Servers.Make(servers));

        Prop.ForAll<Guid>(file => Chunks(Placement.Place(ring, new FileId(file), 6, 2)).Select(places => places[0]).Distinct().Count() == 6)
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(6, 0.32)]
    [InlineData(12, 0.15)]
    public void Place_AServerJoins_MovesFewCopies(int servers, double mostMoved)
    {
        var ids = Servers.Make(servers + 1);
        var (before, after) = (HashRing.Create(ids.Take(servers)), HashRing.Create(ids));
        var random = new Random(5);
        var bytes = new byte[FileId.Size];
        var (copies, moved) = (0, 0);

        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            var (old, now) = (Placement.Place(before, FileId.Read(bytes), 6, 2), Placement.Place(after, FileId.Read(bytes), 6, 2));
            for (var chunk = 0; chunk < 6; chunk++)
            {
                copies += 2;
                moved += now.ServersOf(chunk).ToArray().Except(old.ServersOf(chunk).ToArray()).Count();
            }
        }

        Assert.InRange((double)moved / copies, 1.0 / (servers + 2), mostMoved);
    }

    [Fact]
    public void Place_ManyFiles_LoadsServersAlike()
    {
        var ring = HashRing.Create(Servers.Make(6));
        var files = Enumerable.Range(0, 3000).Select(i => new FileId(new Guid(i, 1, 2, new byte[8])));

        var loads = files
            .SelectMany(file => Chunks(Placement.Place(ring, file, 6, 2)).SelectMany(servers => servers))
            .CountBy(server => server);

        // 36,000 copies over six servers.
        Assert.All(loads, load => Assert.InRange(load.Value, 5_400, 6_600));
    }

    [Fact]
    public void Place_NoServers_IsAPlanWithoutCopies()
    {
        var plan = Placement.Place(HashRing.Empty, new FileId(Guid.Empty), 6, 2);

        Assert.True(plan.IsDegraded);
        Assert.Equal(0, plan.Copies);
        Assert.Empty(plan.ServersOf(5).ToArray());
    }

    private static void Check(Func<HashRing, FileId, int, int, bool> holds) =>
        Prop.ForAll(s_cases, c => holds(HashRing.Create(Servers.Make(c.Servers, c.Servers)), new FileId(c.File), c.Chunks, c.Copies))
            .QuickCheckThrowOnFailure();

    private static IEnumerable<ServerId[]> Chunks(PlacementPlan plan) =>
        Enumerable.Range(0, plan.Chunks).Select(chunk => plan.ServersOf(chunk).ToArray());
}
