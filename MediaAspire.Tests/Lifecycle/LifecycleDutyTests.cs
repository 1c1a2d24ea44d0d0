using MediaAspire.Core.Buckets;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Lifecycle;

public sealed class LifecycleDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly LifecycleRule s_rule = new("r", true, new LifecycleFilter());

    [Fact]
    public async Task Objects_go_when_their_days_are_over_and_their_files_with_them()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync(
            "photos", BucketVersioning.Off, s_rule with { Filter = new LifecycleFilter { Prefix = "tmp/" }, Days = 2 });
        await buckets.PutAsync(bucket, "tmp/old", age: 3.1);
        await buckets.PutAsync(bucket, "tmp/young", age: 1);
        await buckets.PutAsync(bucket, "tmp", age: 9);
        await buckets.PutAsync(bucket, "tmq", age: 9);

        Assert.Equal(1, await buckets.RunAsync());

        Assert.Equal("tmp tmp/young tmq", await buckets.LeftAsync(bucket));
        Assert.Equal(1, await buckets.FilesAsync("deleted"));
        Assert.Equal(3, await buckets.FilesAsync("completed"));
        Assert.Equal(0, await buckets.RunAsync());
    }

    [Theory]
    [InlineData(-1, "")]
    [InlineData(1, "a")]
    public async Task A_date_lets_objects_of_any_age_go(int days, string left)
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var date = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date.AddDays(days), TimeSpan.Zero);
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Off, s_rule with { Date = date });
        await buckets.PutAsync(bucket, "a", age: 0);

        await buckets.RunAsync();

        Assert.Equal(left, await buckets.LeftAsync(bucket));
    }

    [Fact]
    public async Task Tags_and_sizes_choose_what_goes()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var tags = new LifecycleFilter { Tags = [new("a", "1"), new("b", "2")] };
        var tagged = await buckets.CreateAsync("tagged", BucketVersioning.Off, s_rule with { Filter = tags, Days = 1 });
        await buckets.PutAsync(tagged, "both", 3, 10, ("a", "1"), ("b", "2"), ("c", "3"));
        await buckets.PutAsync(tagged, "one", 3, 10, ("a", "1"));
        await buckets.PutAsync(tagged, "none", 3);
        var sizes = new LifecycleFilter { SizeGreaterThan = 10, SizeLessThan = 20 };
        var sized = await buckets.CreateAsync("sized", BucketVersioning.Off, s_rule with { Filter = sizes, Days = 1 });
        foreach (var size in new[] { 10, 11, 19, 20 })
        {
            await buckets.PutAsync(sized, $"s{size}", 3, size);
        }

        await buckets.RunAsync();

        Assert.Equal("none one", await buckets.LeftAsync(tagged));
        Assert.Equal("s10 s20", await buckets.LeftAsync(sized));
    }

    [Fact]
    public async Task Disabled_rules_and_buckets_without_rules_lose_nothing()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var disabled = await buckets.CreateAsync(
            "disabled", BucketVersioning.Off, s_rule with { Days = 1, AbortUploadDays = 1, IsEnabled = false });
        var without = await buckets.CreateAsync("without", BucketVersioning.Off);
        foreach (var bucket in new[] { disabled, without })
        {
            await buckets.PutAsync(bucket, "a", 99);
            await buckets.BeginUploadAsync(bucket, "a", 99);
        }

        Assert.Equal(0, await buckets.RunAsync());

        Assert.Equal("a", await buckets.LeftAsync(disabled));
        Assert.Equal("a", await buckets.LeftAsync(without));
    }

    [Fact]
    public async Task Where_versions_are_kept_a_current_one_is_hidden_and_stays()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Enabled, s_rule with { Days = 1 });
        await buckets.PutAsync(bucket, "a", 5);
        await buckets.PutAsync(bucket, "a", 4);
        await buckets.PutAsync(bucket, "b", 4);
        await buckets.HideAsync(bucket, "b", 3);

        Assert.Equal(1, await buckets.RunAsync());
        Assert.Equal(0, await buckets.RunAsync());

        Assert.Equal("-a a* a* -b b*", await buckets.LeftAsync(bucket));
        Assert.Equal(0, await buckets.FilesAsync("deleted"));
        Assert.Equal("alice", await postgres.ScalarAsync<string>("SELECT owner_id FROM objects WHERE is_delete_marker AND key = 'a'"));
    }

    [Fact]
    public async Task Where_versioning_is_suspended_a_null_marker_takes_the_place_of_the_null_version()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Enabled, s_rule with { Days = 1 });
        await buckets.PutAsync(bucket, "a", 5);
        await buckets.Get<BucketCatalog>().SetVersioningAsync(bucket, BucketVersioning.Suspended, default);
        await buckets.PutAsync(bucket, "a", 4);

        Assert.Equal(1, await buckets.RunAsync());

        Assert.Equal("-a a*", await buckets.LeftAsync(bucket));
        Assert.True(await postgres.ScalarAsync<bool>("SELECT is_null FROM objects WHERE is_delete_marker"));
        Assert.Equal(1, await buckets.FilesAsync("deleted"));
    }

    [Fact]
    public async Task Noncurrent_versions_go_by_when_they_were_succeeded()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Enabled, s_rule with { NoncurrentDays = 2 });
        await buckets.PutAsync(bucket, "a", 30);
        await buckets.PutAsync(bucket, "a", 20);
        await buckets.PutAsync(bucket, "a", 1);
        await buckets.PutAsync(bucket, "b", 30);
        await buckets.HideAsync(bucket, "b", 20);
        await buckets.PutAsync(bucket, "b", 10);
        await buckets.PutAsync(bucket, "c", 30);

        Assert.Equal(3, await buckets.RunAsync());

        Assert.Equal("a a* b c", await buckets.LeftAsync(bucket));
        Assert.Equal(2, await buckets.FilesAsync("deleted"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Newer_noncurrent_versions_are_kept_with_pages_of_any_size(int pageSize)
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("PageSize", $"{pageSize}"));
        var bucket = await buckets.CreateAsync(
            "photos", BucketVersioning.Enabled, s_rule with { NoncurrentDays = 1, NewerNoncurrentVersions = 2 });
        foreach (var key in new[] { "a", "b" })
        {
            for (var age = 30; age > 24; age--)
            {
                await buckets.PutAsync(bucket, key, age);
            }
        }

        await buckets.HideAsync(bucket, "c", 9);

        Assert.Equal(6, await buckets.RunAsync());

        Assert.Equal("a a* a* b b* b* -c", await buckets.LeftAsync(bucket));
        Assert.Equal(0, await buckets.RunAsync());
    }

    [Fact]
    public async Task A_delete_marker_goes_when_nothing_is_left_to_hide()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync(
            "photos", BucketVersioning.Enabled, s_rule with { ExpiredDeleteMarker = true, NoncurrentDays = 5 });
        await buckets.HideAsync(bucket, "alone", 0);
        await buckets.PutAsync(bucket, "hiding", 3);
        await buckets.HideAsync(bucket, "hiding", 2);
        await buckets.PutAsync(bucket, "old", 20);
        await buckets.HideAsync(bucket, "old", 10);

        Assert.Equal(2, await buckets.RunAsync());
        Assert.Equal("-hiding hiding* -old", await buckets.LeftAsync(bucket));
        Assert.Equal(1, await buckets.RunAsync());
        Assert.Equal("-hiding hiding*", await buckets.LeftAsync(bucket));
    }

    [Fact]
    public async Task Lone_delete_markers_go_with_the_days_of_objects()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Enabled, s_rule with { Days = 5 });
        await buckets.HideAsync(bucket, "old", 7);
        await buckets.HideAsync(bucket, "young", 2);

        Assert.Equal(1, await buckets.RunAsync());

        Assert.Equal("-young", await buckets.LeftAsync(bucket));
    }

    [Fact]
    public async Task Uploads_that_were_never_completed_are_aborted_with_their_parts()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("PageSize", "1"));
        var bucket = await buckets.CreateAsync(
            "photos", BucketVersioning.Off, s_rule with { Filter = new LifecycleFilter { Prefix = "a/" }, AbortUploadDays = 2 });
        var old = await buckets.BeginUploadAsync(bucket, "a/1", 4);
        await buckets.BeginUploadAsync(bucket, "a/1", 4);
        await buckets.BeginUploadAsync(bucket, "a/2", 1);
        await buckets.BeginUploadAsync(bucket, "b", 9);
        await buckets.PutAsync(bucket, "lender", 0);
        await postgres.ExecuteAsync(
            "INSERT INTO multipart_parts (upload_id, part_number, file_id, size, etag) SELECT $1, 1, file_id, 1, '' FROM files", old.Value);
        await postgres.ExecuteAsync("DELETE FROM objects");

        Assert.Equal(2, await buckets.RunAsync());

        Assert.Equal("a/2 b", await postgres.ScalarAsync<string>("SELECT string_agg(key, ' ' ORDER BY key) FROM multipart_uploads"));
        Assert.Equal(1, await buckets.FilesAsync("deleted"));
    }

    [Fact]
    public async Task Completed_uploads_are_forgotten_after_a_while()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("CompletedUploadAge", "2.00:00:00"));
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Off);
        await buckets.BeginUploadAsync(bucket, "old", 9);
        await buckets.BeginUploadAsync(bucket, "young", 9);
        await buckets.BeginUploadAsync(bucket, "under-way", 9);
        await postgres.ExecuteAsync("UPDATE multipart_uploads SET completed_at = now() - interval '3 days' WHERE key = 'old'");
        await postgres.ExecuteAsync("UPDATE multipart_uploads SET completed_at = now() - interval '1 day' WHERE key = 'young'");

        await buckets.RunAsync();

        Assert.Equal(
            "under-way young", await postgres.ScalarAsync<string>("SELECT string_agg(key, ' ' ORDER BY key) FROM multipart_uploads"));
    }

    [Fact]
    public async Task Short_days_end_by_the_tick()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("DayLength", "00:00:10"));
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Off, s_rule with { Days = 2 });
        await buckets.PutAsync(bucket, "a", TimeSpan.FromSeconds(21).TotalDays);
        await buckets.PutAsync(bucket, "b", TimeSpan.FromSeconds(5).TotalDays);

        Assert.Equal(1, await buckets.RunAsync());

        Assert.Equal("b", await buckets.LeftAsync(bucket));
    }

    [Fact]
    public async Task Rules_that_cannot_be_read_do_not_stop_those_of_other_buckets()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("PageSize", "1"));
        var broken = await buckets.CreateAsync("broken", BucketVersioning.Off, s_rule with { Days = 1 });
        await postgres.ExecuteAsync("UPDATE buckets SET lifecycle = '{\"rules\": 1}'");
        var sound = await buckets.CreateAsync("sound", BucketVersioning.Off, s_rule with { Days = 1 });
        await buckets.PutAsync(broken, "a", 3);
        await buckets.PutAsync(sound, "a", 3);

        Assert.Equal(1, await buckets.RunAsync());

        Assert.Equal("a", await buckets.LeftAsync(broken));
        Assert.Equal("", await buckets.LeftAsync(sound));
    }

    [Theory]
    [InlineData("UPDATE objects SET tags = '{\"keep\": \"yes\"}'")]
    [InlineData("UPDATE objects SET modified_at = now()")]
    [InlineData("UPDATE buckets SET lifecycle = NULL")]
    [InlineData("UPDATE buckets SET lifecycle = '{\"rules\":[]}'")]
    public async Task Versions_that_changed_after_the_walk_saw_them_are_judged_again(string change)
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync(
            "photos", BucketVersioning.Off, s_rule with { Filter = new LifecycleFilter { Tags = [new("keep", "no")] }, Days = 1 });
        await buckets.PutAsync(bucket, "a", 3, 10, ("keep", "no"));

        Assert.Equal("a", await buckets.RaceAsync(bucket, change));
    }

    [Fact]
    public async Task A_version_that_became_current_again_after_the_walk_saw_it_stays()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Enabled, s_rule with { NoncurrentDays = 1 });
        await buckets.PutAsync(bucket, "a", 9);
        var newer = await buckets.PutAsync(bucket, "a", 8);

        Assert.Equal("a", await buckets.RaceAsync(bucket, $"SELECT remove_versions(ARRAY['{newer.Value}'::uuid])"));
    }

    [Fact]
    public async Task Two_workers_at_once_end_everything_once()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("PageSize", "7"), ("BatchSize", "3"));
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Enabled, s_rule with { Days = 1, NoncurrentDays = 1 });
        for (var i = 0; i < 20; i++)
        {
            await buckets.PutAsync(bucket, $"k{i}", 9);
            await buckets.PutAsync(bucket, $"k{i}", 8);
        }

        var ended = await Task.WhenAll(buckets.RunAsync(), buckets.RunAsync());

        Assert.Equal(40, ended.Sum());
        Assert.Equal(20, await buckets.FilesAsync("deleted"));
        Assert.Equal(20, await postgres.ScalarAsync<long>("SELECT count(*) FROM objects WHERE is_latest AND is_delete_marker"));
        Assert.Equal(20, await postgres.ScalarAsync<long>("SELECT count(*) FROM objects WHERE NOT is_latest"));
    }

    [Fact]
    public async Task The_walk_reads_by_the_index_and_only_the_keys_of_its_rules()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres, ("PageSize", "100"));
        var bucket = await buckets.CreateAsync(
            "photos", BucketVersioning.Off, s_rule with { Filter = new LifecycleFilter { Prefix = "k05" }, Days = 1 });
        await postgres.ExecuteAsync(
            """
            INSERT INTO objects (version_id, bucket_id, key, is_latest, is_null, owner_id)
            SELECT gen_random_uuid(), $1, 'k' || lpad(i::text, 5, '0'), true, true, 'alice' FROM generate_series(0, 19999) AS i
            """,
            bucket.Value);
        await postgres.ExecuteAsync("ANALYZE objects");

        // With the flush this session reports its reads now, and not while those of the walk are counted.
        await postgres.ExecuteAsync(
            """
            UPDATE objects SET modified_at = now() - interval '9 days' WHERE key BETWEEN 'k04990' AND 'k06009';
            SELECT pg_stat_force_next_flush()
            """);
        postgres.Database.Clear();
        var start = await postgres.ScalarAsync<DateTime>("SELECT now()");
        var before = await ReadRowsAsync(start);

        Assert.Equal(1000, await buckets.RunAsync());

        Assert.InRange(await ReadRowsAsync(start) - before, 1000, 10_000);
        Assert.Equal(19_000, await postgres.ScalarAsync<long>("SELECT count(*) FROM objects"));
    }

    private async Task<long> ReadRowsAsync(DateTime start)
    {
        // A session reports its reads at its end at the latest. Those of other tests may continue, but read nothing meanwhile.
        postgres.Database.Clear();
        await Until.TrueAsync("all sessions since the start have ended", async () => await postgres.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend'
                AND pid <> pg_backend_pid() AND backend_start >= '{start:O}'
            """) == 0);
        return await postgres.ScalarAsync<long>("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'objects'");
    }
}
