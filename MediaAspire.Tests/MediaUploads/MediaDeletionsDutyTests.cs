using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using MediaAspire.Worker.MediaUploads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.MediaUploads;

public sealed class MediaDeletionsDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private UploadWorld _world = null!;
    private MediaDeletionsDuty _duty = null!;

    [Fact]
    public async Task Removed_bytes_vanish_at_once_and_again_when_their_address_has_expired()
    {
        var item = await _world.CreateAsync("one");
        var key = item.Parts[0].ObjectKey;
        _world.Objects.Upload(key, UploadWorld.Bytes("one"));
        await _world.ExecuteAsync("DELETE FROM media");

        Assert.Equal(1, await RunAsync());
        Assert.Empty(_world.Objects.Keys);

        // The address still works, and somebody uses it.
        _world.Objects.Upload(key, UploadWorld.Bytes("one"));
        Assert.Equal(0, await RunAsync());
        Assert.Equal([key], await _world.ListDeletionsAsync());
        await _world.ExecuteAsync("UPDATE media_object_deletions SET upload_until = now() - interval '1 hour', due_at = now()");
        Assert.Equal(1, await RunAsync());
        Assert.Empty(_world.Objects.Keys);
        Assert.Empty(await _world.ListDeletionsAsync());
    }

    [Fact]
    public async Task An_object_that_the_store_refuses_to_delete_is_tried_again_later_and_keeps_none_waiting()
    {
        var items = new[] { await _world.CreateAsync("one"), await _world.CreateAsync("two") };
        foreach (var item in items)
        {
            _world.Objects.Upload(item.Parts[0].ObjectKey, [1]);
        }

        await _world.ExecuteAsync("UPDATE media_objects SET upload_until = NULL");
        await _world.ExecuteAsync("DELETE FROM media");
        var bad = items[0].Parts[0].ObjectKey;
        _world.Objects.Before = (call, key) =>
        {
            if (call == "delete" && key == bad)
            {
                throw new ObjectStoreException("locked", "AccessDenied", null);
            }
        };

        Assert.Equal(1, await RunAsync());
        Assert.Equal(0, await RunAsync());
        Assert.Equal([bad], await _world.ListDeletionsAsync());
        Assert.Equal((1, 1), await _world.Deletions.CountAsync(CancellationToken.None));

        _world.Objects.Before = null;
        await _world.ExecuteAsync("UPDATE media_object_deletions SET due_at = now()");
        Assert.Equal(1, await RunAsync());
        Assert.Empty(_world.Objects.Keys);
    }

    [Fact]
    public async Task A_key_that_is_not_the_platforms_is_never_deleted()
    {
        _world.Objects.Upload("media/of-an-operator", [1]);
        _world.Objects.Upload("photos/1", [1]);
        await _world.ExecuteAsync("INSERT INTO media_object_deletions (object_key) VALUES ('media/of-an-operator'), ('photos/1')");

        Assert.Equal(0, await RunAsync());

        Assert.Equal(["media/of-an-operator", "photos/1"], _world.Objects.Keys);
    }

    [Fact]
    public async Task Objects_of_images_are_deleted_unless_a_blob_has_them()
    {
        var blob = BlobId.New(TimeProvider.System);
        var (owned, gone) = (ImageKeys.New(blob), ImageKeys.New(blob));
        _world.Objects.Upload(owned, [1]);
        _world.Objects.Upload(gone, [1]);
        await _world.ExecuteAsync(
            $"""
            INSERT INTO image_blobs (blob_id, object_key, content_type, size, sha256)
            VALUES ('{blob}', '{owned}', 'image/png', 1, decode(repeat('00', 32), 'hex'));
            INSERT INTO media_object_deletions (object_key) VALUES ('{owned}'), ('{gone}')
            """);

        Assert.Equal(1, await RunAsync());
        Assert.Equal([owned], _world.Objects.Keys);

        // The blob's own deletion releases the object.
        await _world.ExecuteAsync("DELETE FROM image_blobs");
        Assert.Equal(1, await RunAsync());
        Assert.Empty(_world.Objects.Keys);
    }

    [Fact]
    public async Task A_thousand_objects_are_deleted_in_one_run()
    {
        foreach (var i in Enumerable.Range(1, 1001))
        {
            _world.Objects.Upload($"media/{i:x32}/1-{i:x24}", [1]);
        }

        await _world.ExecuteAsync(
            """
            INSERT INTO media_object_deletions (object_key)
            SELECT format('media/%s/1-%s', lpad(to_hex(i), 32, '0'), lpad(to_hex(i), 24, '0')) FROM generate_series(1, 1001) i
            """);

        Assert.Equal(1001, await RunAsync());

        Assert.Empty(_world.Objects.Keys);
    }

    public async Task InitializeAsync()
    {
        _world = await UploadWorld.OpenAsync(postgres);
        var metrics = new ServiceCollection().AddMetrics().AddSingleton<MediaUploadMetrics>().BuildServiceProvider();
        _duty = new MediaDeletionsDuty(
            _world.Deletions, _world.Objects, metrics.GetRequiredService<MediaUploadMetrics>(),
            Options.Create(new MediaUploadWorkOptions()), NullLogger<MediaDeletionsDuty>.Instance);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private Task<long> RunAsync() => _duty.RunAsync(CancellationToken.None);
}
