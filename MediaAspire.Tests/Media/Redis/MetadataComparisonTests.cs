using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Media.Redis;

public sealed class MetadataComparisonTests(PostgresFixture postgres, ITestOutputHelper output) : MetadataSyncTests(postgres)
{
    [Fact]
    public async Task Every_kind_of_difference_is_found_and_repaired()
    {
        var items = new List<MediaItem>();
        for (var i = 0; i < 12; i++)
        {
            var item = await Replica.Store.CreateAsync(NewMedia.Of("a", $"{i}") with { Player = """{"b":1,"a":[1.50]}""" });
            await Replica.Store.ReadAsync(item.Id);
            items.Add(item);
        }

        await SetAsync(items[0], null);
        await SetAsync(items[1], items[1] with { Version = 0 });
        await SetAsync(items[2], items[2] with { Version = 7 });
        await SetAsync(items[3], items[3] with { Description = "other" });
        var extra = NewMedia.Of("a", "extra") with { Version = 1 };
        await SetAsync(extra, extra);

        var tally = await CompareAsync(repairs: false);

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["equal"] = 8,
                ["missing"] = 1,
                ["older"] = 1,
                ["newer"] = 1,
                ["different"] = 1,
                ["extra"] = 1,
            },
            tally.Counts);
        Assert.Equal(12, tally.Done);
        Assert.Equal(
            [
                new(items[0].Id.Value, "missing", 1, null), new(items[1].Id.Value, "older", 1, 0),
                new(items[2].Id.Value, "newer", 1, 7), new(items[3].Id.Value, "different", 1, 1), new(extra.Id.Value, "extra", null, 1),
            ],
            tally.Examples);

        Assert.Equal(tally.Counts, (await CompareAsync(repairs: true)).Counts);
        Assert.Equal([new("equal", 12)], (await CompareAsync(repairs: false)).Counts);
        Assert.Null(await Replica.Store.FindAsync(extra.Id, default));
    }

    [Fact]
    public async Task A_comparison_beside_writes_finds_no_difference()
    {
        var items = new List<MediaItem>();
        for (var i = 0; i < 40; i++)
        {
            items.Add(await Replica.Store.CreateAsync(NewMedia.Of("a", $"{i}")));
        }

        using var ended = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !ended.IsCancellationRequested; i++)
            {
                await Replica.Store.DescribeAsync(items[i % items.Count].Id, $"{i}");
            }
        });
        for (var i = 0; i < 20; i++)
        {
            var tally = await CompareAsync(repairs: i % 2 == 0);
            Assert.DoesNotContain(tally.Counts, count => MetadataFindings.Differences.Contains(count.Key));
        }

        await ended.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_generation_that_is_closed_meanwhile_ends_the_comparison()
    {
        await Replica.Store.CreateAsync(NewMedia.Of("a", "one"));
        var generation = Replica.Lease.FindHot()!;

        await Assert.ThrowsAsync<MetadataRunException>(() => Replica.Comparison.RunAsync(
            repairs: true,
            new MetadataTally(),
            async () => await Replica.Lease.CloseAsync(generation, "Closed by a test.", default),
            default));
        await Assert.ThrowsAsync<MetadataRunException>(() => CompareAsync(repairs: false));
    }

    // MEDIAASPIRE_PARITY_ITEMS compares more items, and the output says how long it took.
    [Fact]
    public async Task All_items_are_equal_after_Redis_was_filled()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("MEDIAASPIRE_PARITY_ITEMS"), out var more) ? more : 1000;
        await Postgres.ExecuteAsync(
            $"""
            WITH created AS (
                INSERT INTO media (media_id, owner, kind, status, name, normal_name, alias, tags, custom, size, part_count)
                SELECT gen_random_uuid(), 'owner-' || i % 100, 'image', 3, 'Name ' || i, 'name ' || i, 'alias ' || i,
                    ARRAY['tag ' || i % 50, 'common'], jsonb_build_object('c_number', i / 7.0, 'c_text', 'x'), i, 1
                FROM generate_series(1, {count}) i RETURNING media_id, size
            ), objects AS (
                INSERT INTO media_objects (object_key, content_type, size, sha256, state)
                SELECT 'media/' || media_id, 'image/png', size, sha256(media_id::text::bytea), 'stored' FROM created RETURNING object_key
            )
            INSERT INTO media_parts (media_id, part_number, type, object_key) SELECT media_id, 1, 'image', 'media/' || media_id FROM created
            """);

        var startedAt = TimeProvider.System.GetTimestamp();
        await CompareAsync(repairs: true);
        var filled = TimeProvider.System.GetElapsedTime(startedAt);
        startedAt = TimeProvider.System.GetTimestamp();
        var tally = await CompareAsync(repairs: false);

        Assert.True(tally.Counts.Count == 1 && tally.Of("equal") == count, string.Join(", ", tally.Counts));
        output.WriteLine($"Filled {count} items in {filled}, compared them in {TimeProvider.System.GetElapsedTime(startedAt)}.");
    }

    private async Task<MetadataTally> CompareAsync(bool repairs)
    {
        var tally = new MetadataTally();
        await Replica.Comparison.RunAsync(repairs, tally, () => Task.CompletedTask, default);
        return tally;
    }

    private async Task SetAsync(MediaItem item, MediaItem? value)
    {
        var key = GenerationScript.ItemPrefixOf(Replica.Lease.FindHot()!.Nonce) + GenerationKeys.KeyOf(item.Id);
        if (value is null)
        {
            await Replica.Redis.KeyDeleteAsync(key);
        }
        else
        {
            await Replica.Redis.StringSetAsync(key, MediaValue.Encode(value));
        }
    }
}
