using MediaAspire.Core.Caching;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Caching;

public sealed class ExpiringCacheTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();

    [Fact]
    public void TryGet_AfterTheLifetime_FindsNothing()
    {
        var cache = new ExpiringCache<string, int>(capacity: 10, s_lifetime, _time);
        cache.Set("a", 1);

        _time.Advance(s_lifetime - TimeSpan.FromSeconds(1));
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal(1, value);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public void Set_ValueReadEarlier_ExpiresEarlier()
    {
        var cache = new ExpiringCache<string, int>(capacity: 10, s_lifetime, _time);
        var readAt = _time.GetTimestamp();
        _time.Advance(s_lifetime / 2);
        cache.Set("a", 1, readAt);

        _time.Advance(s_lifetime / 2);

        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public void Set_Full_DropsOnlyExpiredEntries()
    {
        var cache = new ExpiringCache<string, int>(capacity: 3, s_lifetime, _time);
        cache.Set("old", 1);
        _time.Advance(s_lifetime / 2);
        cache.Set("a", 2);
        cache.Set("b", 3);
        _time.Advance(s_lifetime / 2);

        cache.Set("c", 4);

        Assert.Equal(3, cache.Count);
        Assert.True(cache.TryGet("a", out _));
        Assert.True(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("c", out _));
    }

    [Fact]
    public void Set_FullOfUsableEntries_StartsAgain()
    {
        var cache = new ExpiringCache<string, int>(capacity: 3, s_lifetime, _time);
        foreach (var key in new[] { "a", "b", "c", "c", "d" })
        {
            cache.Set(key, 1);
        }

        Assert.Equal(1, cache.Count);
        Assert.True(cache.TryGet("d", out _));
    }

    [Fact]
    public void Set_KeyThatIsThere_KeepsTheOthers()
    {
        var cache = new ExpiringCache<string, int>(capacity: 2, s_lifetime, _time);
        cache.Set("a", 1);
        cache.Set("b", 1);

        cache.Set("b", 2);

        Assert.Equal(2, cache.Count);
        Assert.True(cache.TryGet("b", out var value));
        Assert.Equal(2, value);
    }

    [Fact]
    public void Remove_Entry_IsNotFound()
    {
        var cache = new ExpiringCache<string, int>(capacity: 2, s_lifetime, _time);
        cache.Set("a", 1);

        cache.Remove("a");

        Assert.False(cache.TryGet("a", out _));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void TryGet_Hit_AllocatesNothing()
    {
        var cache = new ExpiringCache<(string, string), object>(capacity: 2, s_lifetime, _time);
        var key = ("secret", "20260101");
        cache.Set(key, this);
        for (var i = 0; i < 100; i++)
        {
            cache.TryGet(key, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            cache.TryGet(key, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
