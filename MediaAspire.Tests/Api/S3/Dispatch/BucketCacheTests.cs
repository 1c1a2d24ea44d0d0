using MediaAspire.Api.S3.Dispatch;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Dispatch;

public sealed class BucketCacheTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Find_AfterTenSeconds_IsForgotten()
    {
        var cache = new BucketCache(_time);
        cache.Keep(Named("a"));

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.NotNull(cache.Find("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find("a"));
    }

    [Fact]
    public void Keep_MoreThanItHolds_StaysSmall()
    {
        var cache = new BucketCache(_time, capacity: 3);
        foreach (var name in new[] { "a", "b", "c", "c", "d" })
        {
            cache.Keep(Named(name));
        }

        Assert.Equal(1, cache.Count);
        Assert.NotNull(cache.Find("d"));
        cache.Forget("d");
        Assert.Null(cache.Find("d"));
    }

    private static Bucket Named(string name) =>
        new(BucketId.New(TimeProvider.System), name, "alice", "us-east-1", default, BucketVersioning.Off);
}
