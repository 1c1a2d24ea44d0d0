using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Access;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Media.Access;

public sealed class ObjectAccessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly MediaSender s_sender = MediaSender.Application;

    [Fact]
    public async Task An_item_that_is_made_public_and_private_takes_its_objects_with_it()
    {
        await using var world = await World.OpenAsync(postgres);
        var item = await world.CreateAsync(NewMedia.Of("a", "one", "x", "y"));
        Assert.Equal(0, await world.QueuedAsync());

        var (opened, isApplied) = await world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: true, s_none);
        Assert.True(isApplied && opened.Item!.IsPublic);
        Assert.All(item.Parts, part => Assert.True(world.Records.Access[part.ObjectKey]));
        Assert.True((await world.FindAsync(item)).HasPublicObjects);

        var (closed, _) = await world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: false, s_none);
        Assert.False(closed.Item!.HasPublicObjects);
        Assert.All(item.Parts, part => Assert.False(world.Records.Access[part.ObjectKey]));
        Assert.Equal(0, await world.QueuedAsync());
    }

    [Fact]
    public async Task An_object_that_clones_share_is_public_while_one_of_them_is()
    {
        await using var world = await World.OpenAsync(postgres);
        var item = await world.CreateAsync(NewMedia.Of("a", "one"));
        var key = item.Parts[0].ObjectKey;
        await world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: true, s_none);
        var clone = (await world.Editor.CloneAsync(item.Id, s_sender, null, null, new(), s_none)).Item!;
        Assert.True((await world.FindAsync(clone)).HasPublicObjects);

        await world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: false, s_none);
        Assert.True(world.Records.Access[key]);
        Assert.True((await world.FindAsync(clone)).HasPublicObjects);

        await world.Editor.MoveToTrashAsync(clone.Id, s_sender, s_none);
        Assert.False(world.Records.Access[key]);

        await world.Editor.RestoreAsync(clone.Id, s_sender, null, s_none);
        Assert.True(world.Records.Access[key]);

        await world.Editor.DeleteAsync(clone.Id, s_sender, s_none);
        Assert.False(world.Records.Access[key]);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_asked_again_by_the_duty()
    {
        await using var world = await World.OpenAsync(postgres);
        var item = await world.CreateAsync(NewMedia.Of("a", "one", "x", "y"));
        world.Records.Before = (key, _) => key == item.Parts[1].ObjectKey ? throw Unavailable() : Task.CompletedTask;

        var (result, isApplied) = await world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: true, s_none);
        Assert.False(isApplied);
        Assert.True(result.Item!.IsPublic);
        Assert.False((await world.FindAsync(item)).HasPublicObjects);
        Assert.Equal(1, await world.QueuedAsync());
        Assert.Equal(0, await world.Access.ApplyDueAsync(10, s_none));

        world.Records.Before = null;
        await world.MakeDueAsync();
        Assert.Equal(1, await world.Access.ApplyDueAsync(10, s_none));
        Assert.True((await world.FindAsync(item)).HasPublicObjects);
        Assert.Equal(0, await world.QueuedAsync());
    }

    [Fact]
    public async Task A_change_during_the_call_to_the_store_is_applied_after_it()
    {
        await using var world = await World.OpenAsync(postgres);
        var item = await world.CreateAsync(NewMedia.Of("a", "one"));
        var key = item.Parts[0].ObjectKey;
        var (called, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Records.Before = async (_, isPublic) =>
        {
            if (isPublic)
            {
                called.TrySetResult();
                await go.Task;
            }
        };

        var opening = world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: true, s_none);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var closing = world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: false, s_none);
        await Until.TrueAsync("the item is private", async () => !(await world.FindAsync(item)).IsPublic);
        go.SetResult();
        await Task.WhenAll(opening, closing);

        Assert.False(world.Records.Access[key]);
        Assert.Equal((false, false), ((await world.FindAsync(item)).IsPublic, (await world.FindAsync(item)).HasPublicObjects));
        Assert.Equal(0, await world.QueuedAsync());
    }

    [Fact]
    public async Task A_crash_before_the_item_is_told_is_repaired_by_the_duty()
    {
        await using var world = await World.OpenAsync(postgres);
        var item = await world.CreateAsync(NewMedia.Of("a", "one"));
        await world.Store.Store.ChangeAsync([item.Id], set => ItemRules.SetAccess(set, item.Id, s_sender, isPublic: true), s_none);
        await world.Queue.ApplyAsync(item.Parts[0].ObjectKey, _ => Task.FromResult(AccessOutcome.Changed), s_none);

        await world.Access.ApplyDueAsync(10, s_none);

        Assert.True((await world.FindAsync(item)).HasPublicObjects);
        Assert.Equal(0, await world.QueuedAsync());
    }

    [Fact]
    public async Task A_store_without_access_control_lists_keeps_signed_addresses()
    {
        await using var world = await World.OpenAsync(postgres);
        world.Records.Outcome = AccessOutcome.Unsupported;
        var item = await world.CreateAsync(NewMedia.Of("a", "one"));

        var (result, isApplied) = await world.Editor.SetAccessAsync(item.Id, s_sender, isPublic: true, s_none);

        Assert.True(isApplied && result.Item!.IsPublic);
        Assert.False((await world.FindAsync(item)).HasPublicObjects);
        Assert.Equal(0, await world.QueuedAsync());
    }

    [Fact]
    public async Task The_objects_of_a_public_upload_become_public_when_they_are_there()
    {
        await using var world = await World.OpenAsync(postgres);
        var item = await world.CreateAsync(NewMedia.Of("a", "one") with { IsPublic = true, Status = MediaStatus.Pending });
        Assert.Equal(0, await world.QueuedAsync());

        await world.Store.Store.ChangeAsync(
            [item.Id],
            set => new MediaDecision<bool>(true) { Changed = [set.Find(item.Id)! with { Status = MediaStatus.Uploaded }] },
            s_none);
        Assert.Equal(1, await world.Access.ApplyDueAsync(10, s_none));

        Assert.True((await world.FindAsync(item)).HasPublicObjects);
    }

    [Fact]
    public async Task Deleting_a_public_item_leaves_nothing_to_apply_to_its_objects()
    {
        await using var world = await World.OpenAsync(postgres);
        var item = await world.CreateAsync(NewMedia.Of("a", "one") with { IsPublic = true });

        await world.Editor.DeleteAsync(item.Id, s_sender, s_none);

        Assert.Equal(0, await world.QueuedAsync());
        Assert.Equal([item.Parts[0].ObjectKey], await world.Store.ListDeletionsAsync());
    }

    private static ObjectStoreException Unavailable() => new("The store is down.", code: null, new IOException());

    private sealed class World(PostgresFixture postgres, TestMediaStore store) : IAsyncDisposable
    {
        private readonly (IObjectStore Store, AccessObjectStore Records) _objects = AccessObjectStore.Create();

        public TestMediaStore Store => store;

        public AccessObjectStore Records => _objects.Records;

        public ObjectAccessBacklog Queue { get; } = new(postgres.Database);

        public ObjectAccess Access => new(Queue, store.Store, _objects.Store, TimeProvider.System, NullLogger<ObjectAccess>.Instance);

        public MediaEditor Editor => new(store.Store, Access, TimeProvider.System);

        public static async Task<World> OpenAsync(PostgresFixture postgres)
        {
            var store = await TestMediaStore.OpenAsync(postgres);
            await postgres.ClearAsync("media_object_access");
            return new(postgres, store);
        }

        public async Task<MediaItem> CreateAsync(MediaItem item) =>
            (await store.Store.ChangeAsync([], _ => new MediaDecision<bool>(true) { Created = [item] }, s_none)).Written.Single();

        public async Task<MediaItem> FindAsync(MediaItem item) => (await store.Store.FindAsync(item.Id, s_none))!;

        public Task<long> QueuedAsync() => ScalarAsync("SELECT count(*) FROM media_object_access");

        public Task<long> MakeDueAsync() =>
            ScalarAsync("WITH u AS (UPDATE media_object_access SET due_at = now() RETURNING 1) SELECT count(*) FROM u");

        public ValueTask DisposeAsync() => store.DisposeAsync();

        private async Task<long> ScalarAsync(string sql)
        {
            await using var command = postgres.Database.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
