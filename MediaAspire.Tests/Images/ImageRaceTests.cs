using System.Collections.Concurrent;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Images;
using MediaAspire.Worker.Sweeping;

namespace MediaAspire.Tests.Images;

/// <summary>One content under many aliases that come and go at the same time.</summary>
public sealed class ImageRaceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Picture = "30x20 the same picture";

    private ImageWorld _world = null!;

    [Fact]
    public async Task Two_hundred_uploads_of_one_picture_are_one_image_and_its_last_alias_frees_the_bytes()
    {
        var uploads = new ConcurrentBag<(string Alias, string Token)>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, _) => uploads.Add(await _world.UploadAsync(Picture)));

        Assert.Equal(
            (1, 1, 200), (await _world.CountAsync("images"), await _world.CountAsync("image_blobs"),
                await _world.CountAsync("image_aliases")));
        Assert.Equal(1, await _world.CountFilesAsync());
        var all = uploads.ToList();
        Assert.Equal(200, all.Select(upload => upload.Alias).Distinct().Count());

        await Parallel.ForEachAsync(
            all.Skip(1),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (upload, _) => Assert.Equal(
                (204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{upload.Alias}?token={upload.Token}")));
        Assert.Equal(Picture, await _world.Client.GetStringAsync($"/images/{all[0].Alias}"));
        Assert.Equal((404, "alias-not-found"), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{all[1].Alias}"));

        // One token does not delete another alias of the same image.
        Assert.Equal(
            (403, "invalid-delete-token"),
            await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{all[0].Alias}?token={all[1].Token}"));
        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{all[0].Alias}?token={all[0].Token}"));
        Assert.Equal((0, 0), (await _world.CountAsync("images"), await _world.CountAsync("image_blobs")));
        Assert.Equal(0, await _world.CountFilesAsync());

        // After the grace, which is zero here, the bytes are gone from the disks.
        await _world.ExecuteAsync("UPDATE files SET deleted_at = now() - interval '1 day'");
        await Until.TrueAsync("the bytes are collected", async () =>
        {
            await _world.RunAsync<DeletedFilesDuty>();
            await _world.RunAsync<RemovalDuty>();
            return _world.CountStoredChunks() == 0;
        });
    }

    [Fact]
    public async Task An_alias_that_is_made_while_the_last_one_is_deleted_keeps_its_bytes()
    {
        var (alias, token) = await _world.UploadAsync(Picture);
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("MEDIAASPIRE_IMAGE_ROUNDS"), out var wanted) ? wanted : 25;
        for (var i = 0; i < rounds; i++)
        {
            var uploading = _world.UploadAsync(Picture);
            var deleting = _world.OutcomeAsync(HttpMethod.Delete, $"/images/{alias}?token={token}");
            Assert.Equal((204, null), await deleting);
            (alias, token) = await uploading;
            Assert.Equal(Picture, await _world.Client.GetStringAsync($"/images/{alias}"));
            Assert.Equal((1, 1), (await _world.CountAsync("images"), await _world.CountAsync("image_blobs")));
        }

        Assert.Equal(1, await _world.CountFilesAsync());
    }

    [Fact]
    public async Task A_job_that_runs_twice_at_once_makes_one_alias()
    {
        var gate = new TaskCompletionSource();
        var arrived = new SemaphoreSlim(0);
        _world.Processor.Before = async token =>
        {
            arrived.Release();
            await gate.Task.WaitAsync(token);
        };
        var upload = (await _world.Uploads.ReceiveAsync(
            owner: null, new UploadWishes(), new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Picture)), 100, null, default))!.Value;
        var runs = Enumerable.Range(0, 3).Select(_ => _world.Get<ImageIngestor>().IngestAsync(upload, default)).ToList();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(20)));
        }

        gate.SetResult();
        await Task.WhenAll(runs);

        Assert.Equal((1, 1, 1), (await _world.CountAsync("images"), await _world.CountAsync("image_aliases"),
            await _world.CountFilesAsync()));
        Assert.Equal(0, _world.CountScratchFiles());
    }

    [Fact]
    public async Task An_upload_that_is_removed_while_its_job_runs_leaves_nothing()
    {
        var gate = new TaskCompletionSource();
        var arrived = new SemaphoreSlim(0);
        _world.Processor.Before = async token =>
        {
            arrived.Release();
            await gate.Task.WaitAsync(token);
        };
        var upload = (await _world.Uploads.ReceiveAsync(
            owner: null, new UploadWishes(), new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Picture)), 100, null, default))!.Value;
        var running = _world.Get<ImageIngestor>().IngestAsync(upload, default);
        Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(20)));
        await _world.Uploads.RemoveAsync([upload], default);
        gate.SetResult();
        await running;

        Assert.Equal(
            (0, 0, 0),
            (await _world.CountAsync("images"), await _world.CountAsync("image_blobs"), await _world.CountFilesAsync()));
    }

    [Fact]
    public async Task Uploads_of_one_picture_to_the_object_store_leave_one_object()
    {
        await RestartAsync(("Images:Store", "s3"));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 20), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await _world.UploadAsync(Picture));
        Assert.Equal((1, 20, 0), (await _world.CountAsync("images"), await _world.CountAsync("image_aliases"),
            await _world.CountFilesAsync()));

        // The other objects are scheduled for deletion, and the one of the image is not.
        var scheduled = await _world.CountAsync("media_object_deletions");
        Assert.Equal(_world.Objects.Keys.Count - 1, scheduled);
        Assert.Equal(0, await _world.ScalarAsync<long>("SELECT count(*) FROM media_object_deletions JOIN image_blobs USING (object_key)"));
    }

    public async Task InitializeAsync() => _world = await ImageWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    /// <summary>Starts another world in the place of the first, whose worker would take its jobs.</summary>
    private async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await _world.DisposeAsync();
        _world = await ImageWorld.StartAsync(postgres, settings);
    }
}
