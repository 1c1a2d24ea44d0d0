using MediaAspire.Core.Ids;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Tests.Lifecycle;

public sealed class VersionWalkTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_VersionsOfSomeKeys_TellsEachItsNeighbours()
    {
        var versions = new[]
        {
            Make("a", 1),
            Make("b", 9), Make("b", 8, isMarker: true), Make("b", 7), Make("b", 6),
            Make("c", 5, isMarker: true),
            Make("d", 4), Make("d", 3),
        };

        var seen = Walk(versions);

        Assert.Equal(versions.Select(version => version.Id), seen.Select(version => version.Id));
        Assert.Equal([true, false, false, false, false, true, false, false], seen.Select(version => version.IsAlone));
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0], seen.Select(version => version.NewerNoncurrent));
        Assert.Equal([null, null, 9, 8, 7, null, null, 4], seen.Select(version => version.SucceededAt?.Day));
    }

    [Fact]
    public void End_ThenTheSameKeyAgain_StartsOver()
    {
        var walk = new VersionWalk();
        var seen = new List<VersionRecord>();
        walk.Next(Make("a", 2), seen);
        Assert.Empty(seen);
        walk.End(seen);
        walk.End(seen);
        walk.Next(Make("a", 1), seen);
        walk.End(seen);

        Assert.Equal(2, seen.Count);
        Assert.All(seen, version => Assert.Null(version.SucceededAt));
    }

    private static List<VersionRecord> Walk(IEnumerable<VersionRecord> versions)
    {
        var walk = new VersionWalk();
        var seen = new List<VersionRecord>();
        foreach (var version in versions)
        {
            walk.Next(version, seen);
        }

        walk.End(seen);
        return seen;
    }

    // The day of the month identifies a version.
    private static VersionRecord Make(string key, int day, bool isMarker = false) => new(
        VersionId.New(TimeProvider.System), key, day, IsLatest: false, isMarker, s_start.AddDays(day - 1), 0,
        new Dictionary<string, string>());
}
