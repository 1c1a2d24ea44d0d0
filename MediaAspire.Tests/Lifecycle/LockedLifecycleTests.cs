using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Lifecycle;

/// <summary>The effect of lifecycle rules on locked versions.</summary>
public sealed class LockedLifecycleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly LifecycleRule s_rule = new("r", true, new LifecycleFilter());

    [Theory]
    [InlineData("UPDATE objects SET legal_hold = true WHERE NOT is_latest")]
    [InlineData("SELECT set_retention(version_id, 'GOVERNANCE', now() + interval '1 day', false) FROM objects WHERE NOT is_latest")]
    public async Task A_version_that_was_locked_after_the_walk_saw_it_stays(string change)
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await CreateLockedAsync(buckets, s_rule with { NoncurrentDays = 1 });
        await buckets.PutAsync(bucket, "a", 9);
        await buckets.PutAsync(bucket, "a", 8);

        Assert.Equal("a a*", await buckets.RaceAsync(bucket, change));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public async Task Locked_versions_stay_and_keep_nothing_else_from_going(int pageSize)
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("PageSize", $"{pageSize}"), ("BatchSize", "2"));
        var bucket = await CreateLockedAsync(buckets, s_rule with { Days = 1, NoncurrentDays = 1 });
        var versions = new Dictionary<string, VersionId>();
        foreach (var key in new[] { "a", "b", "c", "d", "e" })
        {
            versions[key] = await buckets.PutAsync(bucket, key, 9);
            await buckets.PutAsync(bucket, key, 8);
        }

        await LockedRows.LockAsync(postgres, versions["a"], RetentionMode.Compliance);
        await LockedRows.LockAsync(postgres, versions["b"], RetentionMode.Governance);
        await LockedRows.LockAsync(postgres, versions["c"], mode: null, hold: true);
        await LockedRows.LockAsync(postgres, versions["d"], RetentionMode.Compliance, days: -1);

        // The current ones are hidden, as a plain deletion does, and two of the older ones go.
        Assert.Equal(7, await buckets.RunAsync());
        Assert.Equal(0, await buckets.RunAsync());
        Assert.Equal("-a a* a* -b b* b* -c c* c* -d d* -e e*", await buckets.LeftAsync(bucket));

        await LockedRows.LockAsync(postgres, versions["b"], RetentionMode.Governance, days: -1);
        await LockedRows.LockAsync(postgres, versions["c"], mode: null, hold: false);
        Assert.Equal(2, await buckets.RunAsync());
        Assert.Equal("-a a* a* -b b* -c c* -d d* -e e*", await buckets.LeftAsync(bucket));
    }

    private static async Task<BucketId> CreateLockedAsync(ExpiringBuckets buckets, LifecycleRule rule)
    {
        var bucket = await buckets.CreateAsync("locked", BucketVersioning.Enabled, rule);
        Assert.True(await buckets.Get<BucketCatalog>().SetObjectLockAsync(bucket, new(Default: null), default));
        return bucket;
    }
}
