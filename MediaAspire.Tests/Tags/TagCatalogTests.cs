using MediaAspire.Core.Media;
using MediaAspire.Core.Tags;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Tags;

public sealed class TagCatalogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly MediaOwner s_a = new("a");
    private static readonly MediaOwner s_b = new("b");

    private readonly TagCatalog _catalog = new(postgres.Database);
    private readonly TagCounter _counter = new(postgres.Database);

    [Fact]
    public async Task Counts_follow_every_change_of_items_before_and_after_folding()
    {
        await using var store = await OpenAsync();
        var one = await CreateAsync(store, "a", "x", "y");
        var two = await CreateAsync(store, "a", "x");
        await CreateAsync(store, "b", "x");
        await AssertAsync(s_a, ("x", 2), ("y", 1));
        await AssertAsync(null, ("x", 3), ("y", 1));

        await ChangeAsync(store, one, item => item with { Tags = ["y", "z"] });
        await AssertAsync(s_a, ("x", 1), ("y", 1), ("z", 1));

        await ChangeAsync(store, one, item => item with { RemovedAt = item.CreatedAt });
        await AssertAsync(s_a, ("x", 1));
        await ChangeAsync(store, one, item => item with { RemovedAt = null, IsUnlisted = true });
        await AssertAsync(s_a, ("x", 1));
        await ChangeAsync(store, one, item => item with { IsUnlisted = false });
        await AssertAsync(s_a, ("x", 1), ("y", 1), ("z", 1));

        await store.Store.ChangeAsync([two.Id], _ => new MediaDecision<bool>(true) { Deleted = [two.Id] }, s_none);
        await AssertAsync(s_a, ("y", 1), ("z", 1));
        await AssertAsync(null, ("x", 1), ("y", 1), ("z", 1));
    }

    [Fact]
    public async Task Tags_sent_with_capitals_are_gone_when_they_are_taken_away_where_the_origin_kept_them_in_its_index()
    {
        await using var store = await OpenAsync();
        Assert.True(MediaFields.TryParse(new() { Tags = ["Sunset", "SUNSET"] }, out var upload, out _));
        var item = NewMedia.Of("a", "one");
        item = await CreateAsync(store, MediaUpdate.Apply(item, upload));
        await AssertAsync(s_a, ("sunset", 1));

        Assert.True(MediaFields.TryParse(new() { Tags = ["Sunrise"] }, out var update, out _));
        await ChangeAsync(store, item, current => MediaUpdate.Apply(current, update));

        await AssertAsync(s_a, ("sunrise", 1));
    }

    [Fact]
    public async Task Pages_have_every_tag_of_a_prefix_once()
    {
        await using var store = await OpenAsync();
        string[] tags = ["a", "ab", "abc", "b", "é", "\U0010FFFD", "ab\uD7FF", "ab\U0010FFFDx"];
        foreach (var tag in tags)
        {
            await CreateAsync(store, "a", tag);
        }

        await _catalog.CreateAsync(s_a, "abz", s_none);
        await _counter.FoldAsync(3, s_none);
        Assert.Equal([.. tags.Append("abz").Order(Comparer<string>.Create(CompareCodePoints))], await ListAsync(""));
        Assert.Equal(["ab", "abc", "abz", "ab\uD7FF", "ab\U0010FFFDx"], await ListAsync("ab"));
        Assert.Equal(["\U0010FFFD"], await ListAsync("\U0010FFFD"));
        Assert.Empty(await ListAsync("c"));

        async Task<List<string>> ListAsync(string prefix)
        {
            var found = new List<string>();
            IReadOnlyList<TagSummary> page;
            do
            {
                page = await _catalog.ListAsync(s_a, prefix, found.LastOrDefault() ?? "", 2, s_none);
                found.AddRange(page.Select(tag => tag.Name));
            }
            while (page.Count == 2);

            return found;
        }
    }

    [Fact]
    public async Task CreateAsync_TagWithoutItems_Stays()
    {
        await using var store = await OpenAsync();

        Assert.True(await _catalog.CreateAsync(s_a, "x", s_none));
        Assert.False(await _catalog.CreateAsync(s_a, "x", s_none));
        Assert.True(await _catalog.CreateAsync(s_b, "x", s_none));

        await AssertAsync(s_a, ("x", 0));
        await AssertAsync(null, ("x", 0));
        Assert.NotNull((await _catalog.FindAsync(s_a, "x", s_none))!.CreatedAt);
        Assert.Null(await _catalog.FindAsync(s_a, "y", s_none));
    }

    [Fact]
    public async Task Racing_changes_and_folds_lose_no_count()
    {
        await using var store = await OpenAsync();
        using var stop = new CancellationTokenSource();
        var folding = Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await _counter.FoldAsync(7, s_none);
            }
        }));
        var random = new Random(14);
        var items = new List<MediaItem>();
        for (var i = 0; i < 30; i++)
        {
            items.Add(await CreateAsync(store, random.Next(2) == 0 ? "a" : "b", $"t{random.Next(4)}"));
        }

        await Task.WhenAll(items.Chunk(10).Select(async chunk =>
        {
            foreach (var item in chunk)
            {
                await ChangeAsync(store, item, current => current with { Tags = [$"t{item.Name.Length % 3}", "all"] });
            }
        }));
        await stop.CancelAsync();
        await folding;

        Assert.Equal(30, (await _catalog.FindAsync(null, "all", s_none))!.Items);
        await FoldAllAsync();
        Assert.Equal(0, await _counter.AuditAsync(s_none));
        Assert.Equal(30, (await _catalog.FindAsync(null, "all", s_none))!.Items);
    }

    [Fact]
    public async Task AuditAsync_WrongCounters_AreCorrected()
    {
        await using var store = await OpenAsync();
        await CreateAsync(store, "a", "x", "y");
        await FoldAllAsync();
        await ExecuteAsync("UPDATE tag_usage SET items = 7 WHERE tag = 'x'");
        await ExecuteAsync("DELETE FROM tag_usage WHERE tag = 'y' AND owner = ''");
        await ExecuteAsync("INSERT INTO tag_deltas VALUES ('c', 'ghost', 2)");

        Assert.NotEqual(0, await _counter.AuditAsync(s_none));
        await FoldAllAsync();

        await AssertAsync(s_a, ("x", 1), ("y", 1));
        await AssertAsync(new MediaOwner("c"));
        await FoldAllAsync();
        Assert.Equal(0, await _counter.AuditAsync(s_none));
        await AssertAsync(null, ("x", 1), ("y", 1));
    }

    private static int CompareCodePoints(string left, string right) =>
        System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right));

    private static async Task<MediaItem> CreateAsync(TestMediaStore store, string owner, params string[] tags) =>
        await CreateAsync(store, NewMedia.Of(owner, $"{owner}-{tags[0]}") with { Tags = [.. tags] });

    private static async Task<MediaItem> CreateAsync(TestMediaStore store, MediaItem item) =>
        (await store.Store.ChangeAsync([], _ => new MediaDecision<bool>(true) { Created = [item] }, s_none)).Written.Single();

    private static Task<MediaOutcome<bool>> ChangeAsync(
        TestMediaStore store, MediaItem item, Func<MediaItem, MediaItem> change) => store.Store.ChangeAsync(
        [item.Id], set => new MediaDecision<bool>(true) { Changed = [change(set.Find(item.Id)!)] }, s_none);

    // The counts are the same before and after the changes are folded.
    private async Task AssertAsync(MediaOwner? owner, params (string Name, long Items)[] expected)
    {
        for (var round = 0; round < 2; round++)
        {
            var found = await _catalog.ListAsync(owner, "", "", 100, s_none);
            Assert.Equal(expected, found.Select(tag => (tag.Name, tag.Items)));
            await _counter.FoldAsync(2, s_none);
        }
    }

    private async Task FoldAllAsync()
    {
        while (await _counter.FoldAsync(100, s_none) > 0)
        {
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<TestMediaStore> OpenAsync()
    {
        var store = await TestMediaStore.OpenAsync(postgres);
        await postgres.ClearAsync("tags", "tag_usage", "tag_deltas", "tag_changes");
        return store;
    }
}
