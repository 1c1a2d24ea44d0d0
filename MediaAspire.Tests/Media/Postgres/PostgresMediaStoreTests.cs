using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Postgres;

/// <summary>The contract of <see cref="IMediaStore"/>. Those of the store with Redis in front of it are derived.</summary>
public class PostgresMediaStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task FindAsync_EveryField_IsAsItWasCreated()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var item = NewMedia.Of("åsa", "Sunset", "a", "b") with
        {
            Kind = MediaKind.Video,
            IsPublic = true,
            IsUnlisted = true,
            IsTemporary = true,
            IsDirectOnly = true,
            IsImmutable = true,
            Alias = new("sun set"),
            Description = "",
            Website = "https://x.y/",
            Tags = ["b", "a"],
            Categories = ["c"],
            Capabilities = ["d"],
            Custom = CustomValue.None.Add("c_a", CustomValue.Of("x")).Add("c_b", CustomValue.Of(0.1)),
            Player = """{"loop": true}""",
            Width = 3,
            Height = 4,
            Parent = MediaId.New(TimeProvider.System),
            References = [MediaId.New(TimeProvider.System)],
            Details = """{"type": "x/y"}""",
            Deferred = """{"name": "z"}""",
            Failure = new("a-b", "Broken.", 3),
            UploadedAt = Second(1),
            ReadyAt = Second(2),
            ExpiresAt = Second(3),
            RemovedAt = null,
        };
        item = item with
        {
            Parts = [item.Parts[0], item.Parts[1] with { ETag = "e", MultipartId = "m", UploadUntil = Second(4), StoredAt = Second(5) }],
        };

        var written = Assert.Single((await CreateAsync(store, item)).Written);
        var found = await store.FindAsync(item.Id, s_none);

        Assert.Equal(1, written.Version);
        Assert.True(written.CreatedAt > DateTimeOffset.UnixEpoch);
        AssertEqual(written, found!);
        AssertEqual(written, (await store.FindByAliasAsync(new("åsa"), new("sun set"), s_none))!);
        Assert.Null(await store.FindByAliasAsync(new("Åsa"), new("sun set"), s_none));
        Assert.Null(await store.FindAsync(MediaId.New(TimeProvider.System), s_none));
    }

    [Fact]
    public async Task ChangeAsync_ItemAndParts_AreWrittenAndTheVersionGrows()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var item = NewMedia.Of("a", "one", "x", "y");
        item = item with { Parts = [item.Parts[0], item.Parts[1] with { State = MediaPartState.Pending }] };
        await CreateAsync(store, item);
        var copy = NewMedia.PartOf(item.Id, 1, "x");

        var outcome = await store.ChangeAsync([item.Id], set => new MediaDecision<int>(7)
        {
            Changed =
            [
                set.Find(item.Id)! with
                {
                    Name = "two", Parts = [copy, item.Parts[1] with { ETag = "tag", State = MediaPartState.Stored }],
                },
            ],
        }, s_none);

        Assert.Equal(7, outcome.Outcome);
        Assert.Equal(2, Assert.Single(outcome.Written).Version);
        AssertEqual(outcome.Written[0], (await store.FindAsync(item.Id, s_none))!);
        Assert.Equal([item.Parts[0].ObjectKey], await catalog.ListDeletionsAsync());
    }

    [Fact]
    public async Task ChangeAsync_AliasOfAnotherItem_ChangesNothingAndNamesTheItem()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var first = NewMedia.Of("a", "one") with { Alias = new("x") };
        var second = NewMedia.Of("a", "two");
        await CreateAsync(store, first);
        await CreateAsync(store, second);
        await CreateAsync(store, NewMedia.Of("b", "three") with { Alias = new("x") });

        var changed = await store.ChangeAsync(
            [second.Id], set => new MediaDecision<int>(0) { Changed = [set.Find(second.Id)! with { Alias = new("x") }] }, s_none);
        var created = await CreateAsync(store, NewMedia.Of("a", "four") with { Alias = new("x") });

        Assert.Equal(new AliasConflict(new("a"), first.Id), changed.Conflict);
        Assert.Equal(new AliasConflict(new("a"), first.Id), created.Conflict);
        Assert.Null((await store.FindAsync(second.Id, s_none))!.Alias);
        Assert.Equal(
            [new(new MediaAlias("x"), first.Id)], await store.FindAliasesAsync(new("a"), [new("x"), new("y")], s_none));
    }

    [Fact]
    public async Task ChangeAsync_RacingChanges_AreMadeOneAfterTheOther()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var item = NewMedia.Of("a", "one");
        await CreateAsync(store, item);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.ChangeAsync(
            [item.Id],
            set => new MediaDecision<int>(0) { Changed = [set.Find(item.Id)! with { Tags = set.Find(item.Id)!.Tags.Add($"{i}") }] },
            s_none)));

        var found = (await store.FindAsync(item.Id, s_none))!;
        Assert.Equal(20, found.Tags.Length);
        Assert.Equal(21, found.Version);
    }

    [Fact]
    public async Task ChangeAsync_DeletedClones_ReleaseTheObjectWithTheLastOne()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var original = NewMedia.Of("a", "one");
        var clone = NewMedia.Of("a", "two") with { Parts = original.Parts, Parent = original.Id };
        await CreateAsync(store, original);
        await CreateAsync(store, clone);

        await DeleteAsync(store, original.Id);
        Assert.Empty(await catalog.ListDeletionsAsync());

        await DeleteAsync(store, clone.Id);
        Assert.Equal([original.Parts[0].ObjectKey], await catalog.ListDeletionsAsync());
        Assert.Null(await store.FindAsync(clone.Id, s_none));
    }

    [Fact]
    public async Task ChangeAsync_ClonesDeletedAtTheSameMoment_ReleaseTheirObjects()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        for (var round = 0; round < 20; round++)
        {
            var original = NewMedia.Of("a", "one", "x", "y");
            var clone = NewMedia.Of("a", "two") with
            {
                Parts = [original.Parts[1] with { Number = 1 }, original.Parts[0] with { Number = 2 }],
            };
            await CreateAsync(store, original);
            await CreateAsync(store, clone);
            await Task.WhenAll(DeleteAsync(store, original.Id), DeleteAsync(store, clone.Id));
        }

        Assert.Equal(40, (await catalog.ListDeletionsAsync()).Count);
    }

    [Fact]
    public async Task ChangeAsync_Job_ExistsWithTheChangeOnly()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var first = NewMedia.Of("a", "one") with { Alias = new("x") };
        await CreateAsync(store, first);
        var refused = NewMedia.Of("a", "two") with { Alias = new("x") };
        var allowed = NewMedia.Of("a", "three");

        await store.ChangeAsync([], _ => new MediaDecision<int>(0) { Created = [refused], Jobs = [JobOf(refused)] }, s_none);
        await store.ChangeAsync([], _ => new MediaDecision<int>(0) { Created = [allowed], Jobs = [JobOf(allowed)] }, s_none);

        Assert.Equal([allowed.Id.ToString()], await ListJobsAsync());
    }

    [Fact]
    public async Task ChangeOneAsync_StateOrContent_IsWrittenAndTheRestStays()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var item = NewMedia.Of("a", "one", "x", "y") with { Tags = ["t"], Custom = CustomValue.None.Add("c_a", CustomValue.Of("x")) };
        item = item with { Status = MediaStatus.Pending, Parts = [item.Parts[0], item.Parts[1] with { State = MediaPartState.Pending }] };
        await CreateAsync(store, item);
        var copy = NewMedia.PartOf(item.Id, 1, "x");

        var state = await store.ChangeOneAsync(item.Id, set => new MediaDecision<int>(7)
        {
            Changed =
            [
                set.Find(item.Id)! with
                {
                    Status = MediaStatus.Uploaded,
                    UploadedAt = Second(1),
                    Details = """{"type": "x/y"}""",
                    Parts = [copy, item.Parts[1] with { ETag = "tag", State = MediaPartState.Stored }],
                },
            ],
            Jobs = [JobOf(item)],
        }, s_none);
        Assert.Equal((7, 2), (state.Outcome, Assert.Single(state.Written).Version));
        AssertEqual(state.Written[0], (await store.FindAsync(item.Id, s_none))!);

        var content = await ChangeOneAsync(store, item.Id, found => found with { Name = "two", Alias = new("z") });
        Assert.Equal(3, Assert.Single(content.Written).Version);
        AssertEqual(content.Written[0], (await store.FindByAliasAsync(new("a"), new("z"), s_none))!);
        Assert.Equal((MediaStatus.Uploaded, "t"), (content.Written[0].Status, content.Written[0].Tags[0]));
        Assert.Equal([item.Parts[0].ObjectKey], await catalog.ListDeletionsAsync());
        Assert.Equal([item.Id.ToString()], await ListJobsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ChangeOneAsync_ItemChangedMeanwhile_TheRuleDecidesAgain(int changes)
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var item = NewMedia.Of("a", "one") with { Status = MediaStatus.Pending };
        await CreateAsync(store, item);
        var seen = new List<long>();

        // The last time, with two changes, the item is locked: another change would wait for this one.
        var outcome = await store.ChangeOneAsync(
            item.Id,
            set =>
            {
                var found = set.Find(item.Id)!;
                seen.Add(found.Version);
                if (seen.Count <= changes)
                {
                    AddTag(store, item.Id, $"{seen.Count}");
                }

                return new MediaDecision<int>(seen.Count)
                {
                    Changed = [found with { Status = MediaStatus.Uploaded }],
                    Jobs = [JobOf(item)],
                };
            },
            s_none);

        Assert.Equal(Enumerable.Range(1, changes + 1).Select(version => (long)version), seen);
        Assert.Equal(changes + 1, outcome.Outcome);
        var stored = (await store.FindAsync(item.Id, s_none))!;
        Assert.Equal((changes + 2, MediaStatus.Uploaded, changes), (stored.Version, stored.Status, stored.Tags.Length));
        Assert.Equal([item.Id.ToString()], await ListJobsAsync());
    }

    [Fact]
    public async Task ChangeOneAsync_AliasOfAnotherItem_ChangesNothingAndNamesTheItem()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var first = NewMedia.Of("a", "one") with { Alias = new("x") };
        var second = NewMedia.Of("a", "two");
        await CreateAsync(store, first);
        await CreateAsync(store, second);

        var outcome = await ChangeOneAsync(store, second.Id, found => found with { Alias = new("x") });

        Assert.Equal(new AliasConflict(new("a"), first.Id), outcome.Conflict);
        Assert.Null((await store.FindAsync(second.Id, s_none))!.Alias);
    }

    [Fact]
    public async Task ChangeOneAsync_RuleThatDecidesOnMore_Throws()
    {
        await using var catalog = await TestMediaStore.OpenAsync(postgres);
        var store = await DecorateAsync(catalog.Store);
        var other = NewMedia.Of("a", "other");
        var id = MediaId.New(TimeProvider.System);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.ChangeOneAsync(id, _ => new MediaDecision<int>(0) { Created = [other] }, s_none));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.ChangeOneAsync(id, _ => new MediaDecision<int>(0) { Changed = [other] }, s_none));
        var missing = await store.ChangeOneAsync(id, set => new MediaDecision<bool>(set.Find(id) is null), s_none);

        Assert.True(missing.Outcome);
    }

    internal virtual Task<IMediaStore> DecorateAsync(IMediaStore store) => Task.FromResult(store);

    private static DateTimeOffset Second(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    private static NewJob JobOf(MediaItem item) =>
        new(JobId.New(TimeProvider.System), "test", "{}"u8.ToArray()) { UniqueKey = item.Id.ToString() };

    private static Task<MediaOutcome<int>> CreateAsync(IMediaStore store, MediaItem item) =>
        store.ChangeAsync([], _ => new MediaDecision<int>(0) { Created = [item] }, s_none);

    private static Task<MediaOutcome<int>> ChangeOneAsync(IMediaStore store, MediaId id, Func<MediaItem, MediaItem> change) =>
        store.ChangeOneAsync(id, set => new MediaDecision<int>(0) { Changed = [change(set.Find(id)!)] }, s_none);

    // A rule is a function, so it cannot await.
    private static void AddTag(IMediaStore store, MediaId id, string tag) =>
        ChangeOneAsync(store, id, item => item with { Tags = item.Tags.Add(tag) }).GetAwaiter().GetResult();

    private async Task<string[]> ListJobsAsync()
    {
        await using var command = postgres.Database.CreateCommand("SELECT array_agg(unique_key) FROM jobs");
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    private static Task<MediaOutcome<int>> DeleteAsync(IMediaStore store, MediaId id) =>
        store.ChangeAsync([id], _ => new MediaDecision<int>(0) { Deleted = [id] }, s_none);

    // Records compare their collections by reference.
    private static void AssertEqual(MediaItem expected, MediaItem actual)
    {
        Assert.Equivalent(expected, actual, strict: true);
        Assert.Equal(expected.Parts.ToArray(), actual.Parts.ToArray());
        Assert.Equal(expected.Tags.ToArray(), actual.Tags.ToArray());
    }
}
