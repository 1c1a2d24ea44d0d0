using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Filters;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Media.Filters;

/// <summary>Which items lists show, and their pages while the catalog changes.</summary>
public sealed class MediaSearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Lists_show_neither_the_trash_nor_unlisted_nor_pending_nor_temporary_items_unless_asked()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var item = await CreateAsync(catalog, NewMedia.Of("a", "shown"));
        await CreateAsync(catalog, NewMedia.Of("a", "trash") with { RemovedAt = TimeProvider.System.GetUtcNow() });
        await CreateAsync(catalog, NewMedia.Of("a", "unlisted") with { IsUnlisted = true });
        var pending = await CreateAsync(catalog, NewMedia.Of("a", "pending") with { Status = MediaStatus.Pending });
        var temporary = await CreateAsync(catalog, NewMedia.Of("a", "temporary") with { IsTemporary = true });

        Assert.Equal([item.Id], await ListAsync(new MediaFilter()));
        Assert.Equal([pending.Id], await ListAsync(On(FilterFields.Status, MediaStatus.Pending)));
        Assert.Equal([temporary.Id], await ListAsync(new MediaFilter { IsTemporary = true }));
    }

    [Fact]
    public async Task A_public_item_that_is_direct_only_is_in_no_public_list()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var open = await CreateAsync(catalog, NewMedia.Of("a", "open") with { IsPublic = true });
        var direct = await CreateAsync(catalog, NewMedia.Of("a", "direct") with { IsPublic = true, IsDirectOnly = true });

        Assert.Equal([open.Id], await ListAsync(On(FilterFields.Public, true)));
        Assert.Empty(await ListAsync(On(FilterFields.Public, false)));
        Assert.Equal([direct.Id, open.Id], await ListAsync(new MediaFilter()));
    }

    /// <summary>In the origin it was in the private indexes only.</summary>
    [Fact]
    public async Task A_public_clone_is_in_the_public_list()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var item = await CreateAsync(catalog, NewMedia.Of("a", "one") with { IsPublic = true });
        var clone = await CreateAsync(
            catalog, NewMedia.Of("a", "two") with { IsPublic = true, Parent = item.Id, Parts = item.Parts });

        Assert.Equal([clone.Id, item.Id], await ListAsync(On(FilterFields.Public, true)));
        Assert.Equal([clone.Id], await ListAsync(On(FilterFields.Parent, item.Id.Value)));
    }

    /// <summary>In the origin, tags were indexed with capitals at finish and removed in lower case at an update.</summary>
    [Fact]
    public async Task A_change_of_tags_leaves_nothing_behind_in_lists()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var item = await CreateAsync(catalog, NewMedia.Of("a", "one") with { Tags = [MediaText.Normalize("ＢEACH")] });
        Assert.Equal([item.Id], await ListAsync(Parse("tags=Beach")));

        await ChangeAsync(catalog, item, found => found with { Tags = ["sun"], Name = "two" });

        Assert.Empty(await ListAsync(Parse("tags=beach")));
        Assert.Empty(await ListAsync(Parse("name=one")));
        Assert.Equal([item.Id], await ListAsync(Parse("tags=SUN&name.match=TW")));
    }

    /// <summary>In the origin, removal left items in the indexes of times.</summary>
    [Fact]
    public async Task A_removed_item_leaves_every_list_and_a_restored_one_is_back()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var item = await CreateAsync(catalog, NewMedia.Of("a", "one") with { Tags = ["t"], IsPublic = true });
        MediaFilter[] filters =
        [
            .. Orders.Select(order => new MediaFilter { Order = order }), Parse("tags=t&public=true"), Parse("multi=one"),
        ];

        var removed = await ChangeAsync(catalog, item, found => found with { RemovedAt = TimeProvider.System.GetUtcNow() });
        foreach (var filter in filters)
        {
            Assert.Empty(await ListAsync(filter));
        }

        await ChangeAsync(catalog, removed, found => found with { RemovedAt = null });
        foreach (var filter in filters)
        {
            Assert.Equal([item.Id], await ListAsync(filter));
        }

        await catalog.Store.ChangeAsync(
            [item.Id], _ => new MediaDecision<bool>(true) { Deleted = [item.Id] }, CancellationToken.None);
        Assert.All(filters, filter => Assert.Empty(ListAsync(filter).GetAwaiter().GetResult()));
    }

    /// <summary>In the origin, ids were listed first and the records read afterwards, so that the answers did not fit each other.</summary>
    [Fact]
    public async Task A_listed_item_that_is_removed_meanwhile_neither_shifts_the_data_of_others_nor_loses_the_last_one()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var items = await CreateManyAsync(catalog, 60);
        using var stop = new CancellationTokenSource();
        var removals = Task.Run(async () =>
        {
            foreach (var item in items.Where((_, i) => i % 3 == 0))
            {
                await catalog.Store.ChangeAsync(
                    [item.Id], _ => new MediaDecision<bool>(true) { Deleted = [item.Id] }, CancellationToken.None);
            }

            await stop.CancelAsync();
        });

        using var search = Search();
        var names = items.ToDictionary(item => item.Id, item => item.Name);
        var last = items[^2];
        do
        {
            var page = await search.SearchAsync(
                new(new MediaFilter { Order = new(OrderKey.Size, Descending: false) }, 100, null, null), CancellationToken.None);

            Assert.All(page.Items, item => Assert.Equal(names[item.Id], item.Name));
            Assert.Contains(page.Items, item => item.Id == last.Id);
            Assert.InRange(page.Items.Length, 40, 60);
        }
        while (!stop.IsCancellationRequested);

        await removals;
        Assert.Equal(40, (await ListAsync(new MediaFilter(), limit: 100)).Count);
    }

    [Fact]
    public async Task Pages_by_cursor_show_each_item_that_stays_exactly_once_while_others_come_and_go()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var items = await CreateManyAsync(catalog, 90);
        var staying = items.Where((_, i) => i % 3 != 0).Select(item => item.Id).ToHashSet();

        // Not by the time of the last change, which the changes move.
        foreach (var order in Orders.Where(order => order.Key != OrderKey.UpdatedAt))
        {
            var filter = new MediaFilter { Order = order };
            var seen = new List<MediaId>();
            MediaPosition? after = null;
            using var search = Search();
            var left = new Queue<MediaItem>(items.Where((_, i) => i % 3 == 0));
            do
            {
                var page = await search.SearchAsync(new(filter, 7, after, null), CancellationToken.None);
                seen.AddRange(page.Items.Select(item => item.Id));
                after = page.Next;

                if (left.TryDequeue(out var gone))
                {
                    var now = TimeProvider.System.GetUtcNow();
                    await ChangeAsync(catalog, gone, item => item with { RemovedAt = item.RemovedAt is null ? now : null });
                }

                await CreateAsync(catalog, NewMedia.Of("a", $"new {seen.Count}", new string('x', seen.Count + 1)));
            }
            while (after is not null);

            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Superset(staying, seen.ToHashSet());
        }
    }

    [Fact]
    public async Task Items_of_equal_keys_are_in_the_order_of_their_ids()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var items = (await CreateManyAsync(catalog, 25, content: "same")).Select(item => item.Id.Value).Order().ToList();
        foreach (var descending in new[] { false, true })
        {
            var seen = new List<Guid>();
            MediaPosition? after = null;
            using var search = Search();
            do
            {
                var query = new MediaQuery(new MediaFilter { Order = new(OrderKey.Size, descending) }, 4, after, null);
                var page = await search.SearchAsync(query, CancellationToken.None);
                seen.AddRange(page.Items.Select(item => item.Id.Value));
                after = page.Next;
            }
            while (after is not null);

            Assert.Equal(descending ? items.AsEnumerable().Reverse() : items, seen);
        }
    }

    [Fact]
    public async Task A_name_that_normalization_makes_many_times_longer_is_listed_found_and_ordered()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var name = new string('\uFDFA', 75);
        var owner = string.Concat(Enumerable.Repeat("😀", 78));
        var item = await CreateAsync(catalog, NewMedia.Of(owner, name));
        await CreateAsync(catalog, NewMedia.Of(owner, "a"));

        var byName = new MediaFilter { Conditions = [new(FilterFields.Name, FilterOperators.Eq, MediaText.Normalize(name))] };
        Assert.Equal([item.Id], await ListAsync(byName));
        var ordered = await ListAsync(new MediaFilter { Order = new(OrderKey.Name, Descending: true) }.OfOwner(new(owner)));
        Assert.Equal(item.Id, ordered[0]);
    }

    [Fact]
    public async Task A_search_that_no_index_helps_with_is_ended_after_its_time()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        await CreateAsync(catalog, NewMedia.Of("a", "one"));
        await using var lockHolder = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await lockHolder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE media_listing", lockHolder, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        using var search = new PostgresMediaSearch(
            postgres.Database, Options.Create(new MediaSearchOptions { Timeout = TimeSpan.FromMilliseconds(200) }));
        var result = await search.SearchAsync(new(new MediaFilter(), 10, null, null), CancellationToken.None);

        Assert.Equal(SearchStatus.TooCostly, result.Status);
    }

    [Fact]
    public async Task Searches_beyond_the_limit_of_the_process_wait_and_are_then_refused()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var item = await CreateAsync(catalog, NewMedia.Of("a", "one"));
        using var search = new PostgresMediaSearch(
            postgres.Database,
            Options.Create(new MediaSearchOptions { Concurrency = 1, Patience = TimeSpan.Zero, Timeout = TimeSpan.FromMinutes(1) }));
        var query = new MediaQuery(new MediaFilter(), 10, null, null);
        await using var lockHolder = await postgres.Database.OpenConnectionAsync();
        await using (var transaction = await lockHolder.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("LOCK TABLE media_listing", lockHolder, transaction);
            await command.ExecuteNonQueryAsync();
            var first = search.SearchAsync(query, CancellationToken.None);

            Assert.Equal(SearchStatus.Busy, (await search.SearchAsync(query, CancellationToken.None)).Status);

            await transaction.RollbackAsync();
            Assert.Equal([item.Id], (await first).Items.Select(found => found.Id));
        }

        Assert.Equal(SearchStatus.Found, (await search.SearchAsync(query, CancellationToken.None)).Status);
    }

    private static IEnumerable<MediaOrder> Orders =>
        Enum.GetValues<OrderKey>()
            .SelectMany(key => new[] { new MediaOrder(key, Descending: true), new MediaOrder(key, Descending: false) });

    private PostgresMediaSearch Search() =>
        new(postgres.Database, Options.Create(new MediaSearchOptions())) { Bounds = new(20, 10, 5, 3) };

    private async Task<List<MediaId>> ListAsync(MediaFilter filter, int limit = 10)
    {
        using var search = Search();
        return [.. (await search.SearchAsync(new(filter, limit, null, null), CancellationToken.None)).Items.Select(item => item.Id)];
    }

    private static MediaFilter On(FilterField field, object value) =>
        new() { Conditions = [new(field, FilterOperators.Eq, value)] };

    private static MediaFilter Parse(string query) => FilterParser.Parse(query.Split('&').Select(pair => pair.Split('='))
        .Select(pair => new KeyValuePair<string, IReadOnlyList<string?>>(pair[0], [pair[1]]))).Request!.Filter;

    private static async Task<MediaItem> CreateAsync(TestMediaStore catalog, MediaItem item) =>
        (await catalog.Store.ChangeAsync([], _ => new MediaDecision<bool>(true) { Created = [item] }, CancellationToken.None))
            .Written.Single();

    private static async Task<List<MediaItem>> CreateManyAsync(TestMediaStore catalog, int count, string? content = null)
    {
        var items = new List<MediaItem>();
        for (var i = 0; i < count; i++)
        {
            items.Add(await CreateAsync(catalog, NewMedia.Of("a", $"item {i:D3}", content ?? new string('x', i + 1))));
        }

        return items;
    }

    private static async Task<MediaItem> ChangeAsync(TestMediaStore catalog, MediaItem item, Func<MediaItem, MediaItem> change) =>
        (await catalog.Store.ChangeAsync(
            [item.Id], set => new MediaDecision<bool>(true) { Changed = [change(set.Find(item.Id)!)] }, CancellationToken.None))
            .Written.Single();
}
