using System.Text.Json;
using MediaAspire.Core.Images;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Imaging;

namespace MediaAspire.Tests.Media.Variants;

/// <summary>Pictures and videos of the catalog, from the upload to the variants, with the worker's real processes.</summary>
[Collection(VideoFiles.Collection)]
public sealed class MediaVariantTests(PostgresFixture postgres, VideoFiles files) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private VariantWorld _world = null!;

    public async Task InitializeAsync() => _world = await VariantWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_video_gets_details_and_its_dimensions_while_its_poster_comes_first()
    {
        var poster = await PictureAsync("png", "testsrc2=s=64x48");
        var item = await _world.AddAsync(MediaKind.Video, isPublic: false, ("image/png", poster), ("video/quicktime", files.Turned));

        Assert.Equal((MediaStatus.Ready, 180, 320), (item.Status, item.Width, item.Height));
        var video = PartProperties.Find(item, 2)!;
        Assert.Equal((ImageFormat.Mov, 180, 320, 50, true), (video.Format, video.Width, video.Height, video.Frames, video.HasAudio));
        Assert.Equal(TimeSpan.FromSeconds(2), video.Duration);
        var first = PartProperties.Find(item, 1)!;
        Assert.Equal((ImageFormat.Png, 64, 48), (first.Format, first.Width, first.Height));
        using var details = JsonDocument.Parse(item.Details!);
        Assert.Equal(2, details.RootElement.GetProperty("durationSeconds").GetDouble());
        Assert.Equal("h264", details.RootElement.GetProperty("parts")[1].GetProperty("properties").GetProperty("videoCodec").GetString());
    }

    [Fact]
    public async Task Content_that_cannot_be_read_leaves_an_item_ready_and_its_details_name_the_reason()
    {
        var picture = await File.ReadAllBytesAsync(await PictureAsync("png", "testsrc2=s=64x48"));
        var item = await _world.AddAsync(MediaKind.Image, isPublic: false, ("image/png", files.Write("png", picture.AsSpan(0, 60))));

        Assert.Equal((MediaStatus.Ready, null), (item.Status, item.Width));
        using var details = JsonDocument.Parse(item.Details!);
        Assert.Equal(
            "image-unreadable",
            details.RootElement.GetProperty("parts")[0].GetProperty("problem").GetProperty("code").GetString());
        await _world.ExpectAsync(422, "media-not-visual", $"/media/{item.Id}/process.webp");
        Assert.Equal(["lock"], Directory.EnumerateFiles(_world.Get<ScratchDirectory>().Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Pictures_posters_previews_and_videos_of_items_are_made()
    {
        var video = await _world.AddAsync(MediaKind.Video, isPublic: false, ("video/mp4", files.Talk));

        var (poster, type, _) = await _world.GetAsync($"/media/{video.Id}/poster?resize=100", headers: ("Accept", "image/webp,*/*"));
        Assert.Equal("image/webp", type);
        var (red, green, blue) = await VideoFiles.MeanAsync(poster);
        Assert.True(red + green + blue > 150, $"{red}, {green}, {blue}");

        Assert.Equal("image/jpeg", (await _world.GetAsync($"/media/{video.Id}/poster?at=1.5")).Type);
        Assert.Equal("image/gif", (await _world.GetAsync($"/media/{video.Id}/process.gif?resize=80")).Type);
        var (small, movie, _) = await _world.GetAsync($"/media/{video.Id}/process.mp4?resize=160&owner=anna&part=1");
        Assert.Equal("video/mp4", movie);
        var streams = await files.DescribeAsync(small, ImageFormat.Mp4);
        Assert.Equal((160, 90, true), (streams.Width, streams.Height, streams.HasAudio));

        var picture = await _world.AddAsync(
            MediaKind.Image, isPublic: false, ("image/png", await PictureAsync("png", "testsrc2=s=640x480")));
        var (thumbnail, _, _) = await _world.GetAsync($"/media/{picture.Id}/process.png?crop=1x1&resize=50");
        Assert.Equal((50, 50), await SizeAsync(thumbnail));

        await _world.ExpectAsync(404, "part-not-found", $"/media/{picture.Id}/process.png?part=2");
        await _world.ExpectAsync(400, "part-invalid", $"/media/{picture.Id}/process.png?part=x");
        await _world.ExpectAsync(400, null, $"/media/{picture.Id}/process.png?resize=x");
        await _world.ExpectAsync(400, null, $"/media/{picture.Id}/process.exe");
        await _world.ExpectAsync(404, null, $"/media/{picture.Id}/process.png?resize=33", method: "HEAD");
    }

    [Fact]
    public async Task The_variants_of_a_private_item_are_private_and_follow_its_access()
    {
        var path = await PictureAsync("png", "testsrc2=s=640x480");
        var item = await _world.AddAsync(MediaKind.Image, isPublic: false, ("image/png", path));
        var address = $"/media/{item.Id}/process.webp?resize=64";
        var stranger = await _world.CreateKeyAsync("bert");

        Assert.Equal("max-age=300, private, immutable", (await _world.GetAsync(address, await _world.CreateKeyAsync("anna"))).Cache);
        await _world.ExpectAsync(401, null, address, key: null);
        await _world.ExpectAsync(401, null, $"/media/{item.Id}/poster", key: null);
        await _world.ExpectAsync(403, "owner-forbidden", address, stranger);

        // Every variant follows at once: the one that is made already, and one that is not.
        await ChangeAsync(item, isPublic: true);
        Assert.Equal("public, max-age=300, immutable", (await _world.GetAsync(address, key: null)).Cache);
        await _world.GetAsync($"/media/{item.Id}/process.webp?resize=32", key: null);

        await ChangeAsync(item, isPublic: false);
        await _world.ExpectAsync(401, null, address, key: null);
        await _world.ExpectAsync(401, null, $"/media/{item.Id}/process.webp?resize=32", key: null);
    }

    [Fact]
    public async Task A_strict_mode_allows_public_items_presets_only()
    {
        await _world.DisposeAsync();
        _world = await VariantWorld.StartAsync(
            postgres, ("Images:Transformations", "presets"), ("Images:Variants:Presets:small", "crop=1x1&resize=40"));
        var item = await _world.AddAsync(
            MediaKind.Image, isPublic: true, ("image/png", await PictureAsync("png", "testsrc2=s=640x480")));

        await _world.ExpectAsync(403, "transformation-not-allowed", $"/media/{item.Id}/process.png?resize=41", key: null);
        var (small, _, _) = await _world.GetAsync($"/media/{item.Id}/process.png?preset=small", key: null);
        Assert.Equal((40, 40), await SizeAsync(small));
    }

    [Fact]
    public async Task The_removal_of_an_item_removes_its_variants()
    {
        var item = await _world.AddAsync(
            MediaKind.Image, isPublic: true, ("image/png", await PictureAsync("png", "testsrc2=s=640x480")));
        await _world.GetAsync($"/media/{item.Id}/process.webp?resize=64");
        await _world.GetAsync($"/media/{item.Id}/process.webp?resize=65");
        Assert.Equal((2, 2), (await _world.CountAsync("image_variants"), await _world.CountAsync("image_blobs")));

        await _world.Store.ChangeAsync([item.Id], set => new MediaDecision<bool>(true) { Deleted = [item.Id] }, CancellationToken.None);

        Assert.Equal((0, 0), (await _world.CountAsync("image_variants"), await _world.CountAsync("image_blobs")));
        Assert.Equal(3, await _world.CountAsync("media_object_deletions"));
        await _world.ExpectAsync(404, "media-not-found", $"/media/{item.Id}/process.webp?resize=64");
    }

    [Fact]
    public async Task An_animation_has_a_motion_that_is_made_once_plays_in_ranges_and_goes_with_its_image()
    {
        var alias = await _world.AddImageAsync(files.Gif);
        await _world.ExpectAsync(404, null, $"/images/{alias}/motion", method: "HEAD");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _world.GetAsync($"/images/{alias}/motion")));

        Assert.All(answers, answer => Assert.Equal("video/mp4", answer.Type));
        var motion = await File.ReadAllBytesAsync(answers[0].Path);
        Assert.Equal(10, (await files.DescribeAsync(answers[0].Path, ImageFormat.Mp4)).Frames);
        Assert.Equal((2, 0), (await _world.CountAsync("image_blobs"), await _world.CountAsync("image_variants")));
        Assert.Equal(1, await postgres.ScalarAsync<long>("SELECT count(*) FROM images WHERE motion_blob_id IS NOT NULL"));

        using (var range = await _world.SendAsync("GET", $"/images/{alias}/motion", headers: ("Range", "bytes=100-199")))
        {
            Assert.Equal(206, (int)range.StatusCode);
            Assert.Equal($"bytes 100-199/{motion.Length}", range.Content.Headers.ContentRange!.ToString());
            Assert.Equal(motion[100..200], await range.Content.ReadAsByteArrayAsync());
        }

        using (var range = await _world.SendAsync("GET", $"/images/{alias}/motion", headers: ("Range", $"bytes={motion.Length}-")))
        {
            Assert.Equal(416, (int)range.StatusCode);
        }

        await _world.Get<ImageCatalog>().DeleteAsync([new ImageAlias(alias)], CancellationToken.None);
        Assert.Equal(0, await _world.CountAsync("image_blobs"));
    }

    [Fact]
    public async Task A_video_plays_in_ranges_and_a_picture_has_no_motion()
    {
        var alias = await _world.AddImageAsync(files.Clip);
        var bytes = await File.ReadAllBytesAsync(files.Clip);

        // As a player asks: the beginning, a place in the middle, and the index at the end.
        foreach (var (asked, from, to) in new[]
            {
                ("bytes=0-", 0, bytes.Length), ($"bytes={bytes.Length / 2}-", bytes.Length / 2, bytes.Length),
                ("bytes=-500", bytes.Length - 500, bytes.Length),
            })
        {
            using var range = await _world.SendAsync("GET", $"/images/{alias}", headers: ("Range", asked));
            Assert.Equal((206, "video/webm"), ((int)range.StatusCode, range.Content.Headers.ContentType!.MediaType));
            Assert.Equal(bytes[from..to], await range.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync((await _world.GetAsync($"/images/{alias}/motion")).Path));
        var picture = await _world.AddImageAsync(await PictureAsync("png", "testsrc2=s=64x48"));
        await _world.ExpectAsync(422, "media-disallowed", $"/images/{picture}/motion");
        await _world.ExpectAsync(400, "query-invalid", $"/images/{picture}/motion?resize=5");
        await _world.ExpectAsync(401, null, $"/images/{alias}/motion", key: null);
    }

    private async Task<(int Width, int Height)> SizeAsync(string path)
    {
        var details = (await _world.ProbeAsync(path)).Value!;
        return (details.Width, details.Height);
    }

    private Task<string> PictureAsync(string extension, string source) =>
        VideoFiles.MakeAsync($"-f lavfi -i {source} -frames:v 1", files.New(extension));

    private Task<MediaOutcome<bool>> ChangeAsync(MediaItem item, bool isPublic) => _world.Store.ChangeAsync(
        [item.Id],
        set => new MediaDecision<bool>(true) { Changed = [set.Find(item.Id)! with { IsPublic = isPublic }] },
        CancellationToken.None);
}
