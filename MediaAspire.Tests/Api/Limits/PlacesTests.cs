using MediaAspire.Api.Limits;

namespace MediaAspire.Tests.Api.Limits;

public sealed class PlacesTests
{
    [Fact]
    public void TryTake_FullOrSenderAtItsShare_ReturnsNothingUntilAPlaceIsReleased()
    {
        var places = new Places(total: 5, mostOfOneSender: 3);
        var alice = Enumerable.Range(0, 3).Select(_ => places.TryTake("alice", limit: null)!).ToList();
        Assert.Null(places.TryTake("alice", limit: null));
        Assert.Equal(3, places.Taken);

        Assert.NotNull(places.TryTake("bob", limit: null));
        Assert.NotNull(places.TryTake("carol", limit: 1));
        Assert.Null(places.TryTake("carol", limit: 1));
        Assert.Null(places.TryTake("dave", limit: null));
        Assert.Equal(5, places.Taken);

        alice[0].Release();
        Assert.NotNull(places.TryTake("dave", limit: null));
        Assert.Null(places.TryTake("alice", limit: null));
    }

    [Fact]
    public void TryTake_KeyWithALargerLimit_GetsMoreThanTheShare()
    {
        var places = new Places(total: 5, mostOfOneSender: 1);

        Assert.All(Enumerable.Range(0, 4), _ => Assert.NotNull(places.TryTake("alice", limit: 4)));
        Assert.Null(places.TryTake("alice", limit: 4));
    }

    [Fact]
    public void TryTake_LimitOfZero_ReturnsNothingAndKeepsNothing()
    {
        var places = new Places(total: 5, mostOfOneSender: 5);

        Assert.Null(places.TryTake("alice", limit: 0));

        Assert.Equal(0, places.Taken);
    }

    [Fact]
    public async Task TryTake_Racing_NeverExceedsTheLimitsAndReleasesAll()
    {
        var places = new Places(total: 20, mostOfOneSender: 4);
        var mostTaken = 0;
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (places.TryTake($"{i % 3}", limit: null) is not { } place)
                {
                    continue;
                }

                Interlocked.Increment(ref taken);
                InterlockedMax(ref mostTaken, places.Taken);
                place.Release();
            }
        })));

        Assert.True(taken > 0);
        Assert.InRange(mostTaken, 1, 8);
        Assert.Equal(0, places.Taken);
    }

    private static void InterlockedMax(ref int location, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref location)) < value && Interlocked.CompareExchange(ref location, value, seen) != seen)
        {
            // Another worker was faster.
        }
    }
}
