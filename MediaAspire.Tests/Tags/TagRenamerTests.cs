using MediaAspire.Core.Media;
using MediaAspire.Core.Tags;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Tags;

public sealed class TagRenamerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly MediaOwner s_a = new("a");

    private readonly TagCatalog _catalog = new(postgres.Database);
    private readonly TagChanges _changes = new(postgres.Database);

    [Theory]
    [InlineData(new[] { "x" }, "y", new[] { "y" })]
    [InlineData(new[] { "a", "x", "b" }, "y", new[] { "a", "y", "b" })]
    [InlineData(new[] { "x", "y" }, "y", new[] { "y" })]
    [InlineData(new[] { "x", "b" }, null, new[] { "b" })]
    [InlineData(new[] { "b" }, "y", new[] { "b" })]
    public void Replace_Tag_IsThereOnce(string[] before, string? newTag, string[] after) =>
        Assert.Equal(after, TagRenamer.Replace(NewMedia.Of("a", "one") with { Tags = [.. before] }, "x", newTag).Tags.ToArray());

    [Fact]
    public async Task Renaming_a_tag_changes_every_item_of_the_owner_and_no_other()
    {
        await using var store = await OpenAsync();
        var mine = await CreateAsync(store, NewMedia.Of("a", "one") with { Tags = ["x", "z"], IsImmutable = true });
        var removed = await CreateAsync(store, NewMedia.Of("a", "two") with { Tags = ["x"], RemovedAt = DateTimeOffset.UnixEpoch });
        var other = await CreateAsync(store, NewMedia.Of("b", "three") with { Tags = ["x"] });
        await _catalog.CreateAsync(s_a, "x", s_none);

        var change = await Renamer(store).ChangeAsync(s_a, "x", "y", s_none);

        Assert.Equal((2L, 2L), (change!.Total, change.Done));
        Assert.NotNull(change.FinishedAt);
        Assert.Equal(["y", "z"], (await store.Store.FindAsync(mine.Id, s_none))!.Tags.ToArray());
        Assert.Equal(["y"], (await store.Store.FindAsync(removed.Id, s_none))!.Tags.ToArray());
        Assert.Equal(["x"], (await store.Store.FindAsync(other.Id, s_none))!.Tags.ToArray());
        Assert.Null(await _catalog.FindAsync(s_a, "x", s_none));
        Assert.NotNull((await _catalog.FindAsync(s_a, "y", s_none))!.CreatedAt);
        Assert.Null(await Renamer(store).ChangeAsync(s_a, "x", "y", s_none));
    }

    [Fact]
    public async Task A_tag_of_many_items_is_changed_by_a_job_that_may_run_twice()
    {
        await using var store = await OpenAsync();
        const int count = TagRenamer.MaxAtOnce + 10;
        await store.Store.ChangeAsync(
            [],
            _ => new MediaDecision<bool>(true)
            {
                Created = [.. Enumerable.Range(0, count).Select(i => NewMedia.Of("a", $"{i}") with { Tags = ["x", "z"] })],
            },
            s_none);
        var renamer = Renamer(store);

        var change = await renamer.ChangeAsync(s_a, "x", newTag: null, s_none);
        Assert.Equal((count, 0L, (DateTimeOffset?)null), (change!.Total, change.Done, change.FinishedAt));
        Assert.Equal(1, (await CountAsync("SELECT count(*) FROM jobs WHERE kind = 'tag-change'")));
        Assert.Equal(0, await renamer.ResumeAsync(TimeSpan.FromMinutes(1), s_none));

        await Task.WhenAll(renamer.ApplyAsync(change.Id, s_none), renamer.ApplyAsync(change.Id, s_none));
        await renamer.ApplyAsync(change.Id, s_none);

        var finished = (await _changes.FindAsync(change.Id, s_none))!;
        Assert.Equal(count, finished.Done);
        Assert.NotNull(finished.FinishedAt);
        Assert.Null(await _catalog.FindAsync(s_a, "x", s_none));
        Assert.Equal(count, (await _catalog.FindAsync(s_a, "z", s_none))!.Items);
        Assert.Equal(1, await _changes.ForgetAsync(TimeSpan.Zero, s_none));
    }

    [Fact]
    public async Task ResumeAsync_ChangeWhoseJobIsLost_IsEnqueuedAgain()
    {
        await using var store = await OpenAsync();
        await CreateAsync(store, NewMedia.Of("a", "one") with { Tags = ["x"] });
        await _changes.BeginAsync(Guid.CreateVersion7(), s_a, "x", "y", s_none);

        Assert.Equal(0, await Renamer(store).ResumeAsync(TimeSpan.FromMinutes(1), s_none));
        Assert.Equal(1, await Renamer(store).ResumeAsync(TimeSpan.Zero, s_none));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM jobs WHERE kind = 'tag-change'"));
    }

    private static async Task<MediaItem> CreateAsync(TestMediaStore store, MediaItem item) =>
        (await store.Store.ChangeAsync([], _ => new MediaDecision<bool>(true) { Created = [item] }, s_none)).Written.Single();

    private TagRenamer Renamer(TestMediaStore store) => new(store.Store, _changes, store.Jobs.Queue, TimeProvider.System);

    private async Task<long> CountAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<TestMediaStore> OpenAsync()
    {
        var store = await TestMediaStore.OpenAsync(postgres);
        await postgres.ClearAsync("tags", "tag_usage", "tag_deltas", "tag_changes");
        return store;
    }
}
