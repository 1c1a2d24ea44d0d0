using MediaAspire.Api.S3.Dispatch;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Dispatch;

public sealed class BucketMemoryTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Find_AfterTenSeconds_IsForgotten()
    {
        var memory = new BucketMemory(_time);
        memory.Keep(Named("a"));

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.NotNull(memory.Find("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(memory.Find("a"));
    }

    [Fact]
    public void Keep_MoreThanItHolds_StaysSmall()
    {
        var memory = new BucketMemory(_time, capacity: 3);
        foreach (var name in new[] { "a", "b", "c", "c", "d" })
        {
            memory.Keep(Named(name));
        }

        Assert.Equal(1, memory.Count);
        Assert.NotNull(memory.Find("d"));
        memory.Forget("d");
        Assert.Null(memory.Find("d"));
    }

    private static Bucket Named(string name) => new(BucketId.New(TimeProvider.System), name, "alice", "us-east-1", default, BucketVersioning.Off);
}
