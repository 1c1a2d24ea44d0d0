using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Images;

namespace MediaAspire.Tests.Images;

public sealed class ImageAdminTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private ImageWorld _world = null!;

    [Fact]
    public async Task Purging_an_alias_and_purging_a_hash_are_different_routes()
    {
        // The origin's purge takes all aliases of a deduplicated file, whichever it names.
        var (first, _) = await _world.UploadAsync("3x2 same");
        var (second, _) = await _world.UploadAsync("3x2 same");
        var (third, _) = await _world.UploadAsync("3x2 same");

        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/admin/images/aliases/{first}"));
        Assert.Equal((404, "alias-not-found"), await _world.OutcomeAsync(HttpMethod.Delete, $"/admin/images/aliases/{first}"));
        var aliases = await _world.Client.GetFromJsonAsync<JsonElement>($"/admin/images/aliases/{second}/aliases");
        Assert.Equal([second, third], Texts(aliases.GetProperty("aliases")));

        var hex = aliases.GetProperty("hex").GetString();
        Assert.Equal((400, "image-hash-invalid"), await _world.OutcomeAsync(HttpMethod.Delete, $"/admin/images/hashes/{second}"));
        using (var purged = await _world.SendAsync(HttpMethod.Delete, $"/admin/images/hashes/{hex}"))
        {
            using var json = JsonDocument.Parse(await purged.Content.ReadAsStringAsync());
            Assert.Equal([second, third], Texts(json.RootElement.GetProperty("aliases")));
        }

        Assert.Equal((404, "image-hash-not-found"), await _world.OutcomeAsync(HttpMethod.Delete, $"/admin/images/hashes/{hex}"));
        Assert.Equal((0, 0, 0), (await _world.CountAsync("images"), await _world.CountAsync("image_aliases"),
            await _world.CountFilesAsync()));
    }

    [Fact]
    public async Task Hashes_are_walked_forwards_and_backwards()
    {
        for (var i = 0; i < 5; i++)
        {
            await _world.UploadAsync($"3x2 {i}");
        }

        var pages = new List<JsonElement> { await PageAsync("") };
        while (pages[^1].TryGetProperty("next", out var next))
        {
            pages.Add(await PageAsync($"&from={next.GetString()}"));
        }

        var all = pages.SelectMany(page => page.GetProperty("hashes").EnumerateArray()).ToList();
        var hexes = all.ConvertAll(hash => hash.GetProperty("hex").GetString()!);
        Assert.Equal((3, 5), (pages.Count, hexes.Distinct().Count()));
        Assert.Equal(hexes.Order(StringComparer.Ordinal), hexes);
        Assert.All(all, hash => Assert.Single(hash.GetProperty("aliases").EnumerateArray()));
        Assert.Equal(3, all[0].GetProperty("details").GetProperty("width").GetInt32());
        Assert.False(pages[0].TryGetProperty("prev", out _));
        Assert.Equal(pages[0].GetProperty("current").GetString(), pages[1].GetProperty("prev").GetString());
        Assert.Equal(pages[1].GetProperty("current").GetString(), pages[2].GetProperty("prev").GetString());
        Assert.Equal((400, "image-hash-invalid"), await _world.OutcomeAsync(HttpMethod.Get, "/admin/images/hashes?from=x"));
        Assert.Equal((400, "query-invalid"), await _world.OutcomeAsync(HttpMethod.Get, "/admin/images/hashes?limit=1001"));

        Task<JsonElement> PageAsync(string from) => _world.Client.GetFromJsonAsync<JsonElement>($"/admin/images/hashes?limit=2{from}");
    }

    [Fact]
    public async Task The_place_of_an_image_is_shown()
    {
        var (alias, _) = await _world.UploadAsync("3x2 here");
        var place = await _world.Client.GetFromJsonAsync<JsonElement>($"/admin/images/aliases/{alias}/identifier");
        Assert.Equal("chunks", place.GetProperty("store").GetString());
        Assert.Equal(await _world.ScalarAsync<Guid>("SELECT file_id FROM image_blobs"), place.GetProperty("identifier").GetGuid());
        Assert.Equal((404, "alias-not-found"), await _world.OutcomeAsync(HttpMethod.Get, "/admin/images/aliases/x.jpg/identifier"));
    }

    [Fact]
    public async Task The_variants_of_an_image_are_deleted_with_their_bytes()
    {
        var (alias, _) = await _world.UploadAsync("3x2 with variants");
        await _world.UploadAsync("3x2 without");
        Assert.True(ImageAlias.TryParse(alias, out var parsed));
        var image = (await _world.Catalog.FindAsync(parsed, default))!.Image;
        using (var directory = new TemporaryDirectory())
        {
            var path = Path.Combine(directory.Path, "variant");
            await File.WriteAllTextAsync(path, "a variant");
            await using var staged = await _world.Blobs.StageAsync(path, "image/webp", default);
            Assert.True(await staged.TryCommitAsync([InsertVariant(image.Id, staged.Blob)], default));
        }

        Assert.Equal(3, await _world.CountFilesAsync());
        using (var response = await _world.SendAsync(HttpMethod.Delete, $"/admin/images/aliases/{alias}/variants"))
        {
            Assert.Equal(1, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("deleted").GetInt32());
        }

        Assert.Equal((2, 2, 0), (await _world.CountFilesAsync(), await _world.CountAsync("image_blobs"),
            await _world.CountAsync("image_variants")));
    }

    [Theory]
    [InlineData("chunks")]
    [InlineData("s3")]
    public async Task A_staged_blob_whose_owner_is_refused_leaves_nothing(string store)
    {
        await RestartAsync(("Images:Store", store));
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "variant");
        await File.WriteAllTextAsync(path, "a variant");
        await using (var staged = await _world.Blobs.StageAsync(path, "image/webp", default))
        {
            Assert.False(await staged.TryCommitAsync([new("SELECT require_met(false, 'image-gone')")], default));
            Assert.Equal("image-gone", staged.Refusal);
        }

        Assert.Equal((0, 0), (await _world.CountAsync("image_blobs"), await _world.CountFilesAsync()));
        Assert.Equal(_world.Objects.Keys.Count, await _world.CountAsync("media_object_deletions"));
        Assert.Equal(store == "s3" ? 1 : 0, _world.Objects.Keys.Count);
    }

    [Fact]
    public async Task Images_whose_bytes_are_missing_are_counted_then_deleted()
    {
        var (kept, _) = await _world.UploadAsync("3x2 kept");
        var (lost, _) = await _world.UploadAsync("3x2 lost");
        Assert.Equal((404, "image-prune-not-found"), await _world.OutcomeAsync(HttpMethod.Get, "/admin/images/prune-missing"));
        await _world.ExecuteAsync(
            """
            UPDATE chunk_replicas SET status = 'corrupt' WHERE chunk_id IN (
                SELECT c.chunk_id FROM chunks c JOIN image_blobs b USING (file_id) JOIN images i USING (blob_id)
                JOIN image_aliases a USING (image_id) WHERE a.alias = $1)
            """,
            lost);

        // A dry run by default: a careless operator deletes nothing.
        var dry = await PruneAsync("");
        Assert.Equal(("done", true, 2, 2, 1), dry);
        Assert.Equal(2, await _world.CountAsync("images"));

        var real = await PruneAsync("?dryRun=false");
        Assert.Equal(("done", false, 2, 2, 1), real);
        Assert.Equal((200, null), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{kept}"));
        Assert.Equal((404, "alias-not-found"), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{lost}"));
    }

    [Fact]
    public async Task Flags_are_parsed_and_not_ignored()
    {
        // The origin ignores ?backgrounded and ?force, because it does not parse them.
        using var bad = await _world.SendAsync(HttpMethod.Post, "/admin/images/prune-missing?dryRun=perhaps");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        using var misspelt = await _world.PostAsync("/images?backgrounded=true", "3x2");
        Assert.Equal((400, "query-invalid"), await ImageWorld.OutcomeAsync(misspelt));
    }

    [Fact]
    public async Task A_search_runs_once_and_a_lost_one_goes_on_where_it_was()
    {
        await _world.UploadAsync("3x2 a");
        await _world.UploadAsync("3x2 b");

        // The job of this run was lost after its first image.
        await _world.ExecuteAsync(
            """
            INSERT INTO image_prunes (prune_id, state, is_dry_run, total, done, position, progress_at)
            SELECT gen_random_uuid(), 'running', true, 2, 1, (SELECT min(image_id::text)::uuid FROM images), now() - interval '1 hour'
            """);
        Assert.Equal((409, "image-prune-running"), await _world.OutcomeAsync(HttpMethod.Post, "/admin/images/prune-missing"));
        await _world.RunAsync<ImageUploadsDuty>();
        await Until.TrueAsync("the run ends", async () =>
            (await _world.Get<ImagePrunes>().FindLatestAsync(default))!.State == "done");
        Assert.Equal(2, (await _world.Get<ImagePrunes>().FindLatestAsync(default))!.Done);
    }

    [Fact]
    public async Task Orphans_are_listed()
    {
        await _world.UploadAsync("3x2 whole");
        var blob = BlobId.New(TimeProvider.System);
        var (orphan, owned, scheduled) = (ImageKeys.New(blob), ImageKeys.New(blob), ImageKeys.New(blob));
        foreach (var key in new[] { orphan, owned, scheduled })
        {
            _world.Objects.Upload(key, [1, 2]);
        }

        await _world.ExecuteAsync(
            "INSERT INTO image_blobs (blob_id, object_key, content_type, size, sha256) VALUES ($1, $2, 'a/b', 2, sha256('\\x01'))",
            blob.Value, owned);
        await _world.ExecuteAsync("INSERT INTO media_object_deletions (object_key) VALUES ($1)", scheduled);
        await _world.ExecuteAsync("DELETE FROM image_aliases");

        var found = await _world.Client.GetFromJsonAsync<JsonElement>("/admin/images/orphans");
        Assert.Equal(
            [await _world.ScalarAsync<Guid>("SELECT image_id FROM images")],
            found.GetProperty("images").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal([blob.Value], found.GetProperty("blobs").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal([orphan], found.GetProperty("objects").EnumerateArray().Select(each => each.GetProperty("key").GetString()));
        Assert.False(found.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task A_file_is_imported_and_stays()
    {
        var file = await StoreAsync("3x2 a file");
        using (var response = await ImportAsync(new { file_id = file.Value, alias = "summer.jpg" }))
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }

        Assert.Equal("3x2 a file", await _world.Client.GetStringAsync("/images/summer.jpg"));
        Assert.NotNull(await _world.Get<FileCatalog>().FindAsync(file, default));
        using (var again = await ImportAsync(new { file_id = file.Value, alias = "summer.jpg" }))
        {
            Assert.Equal((400, "duplicate-alias"), await ImageWorld.OutcomeAsync(again));
        }

        // The refused one has left no bytes behind: the file and the image.
        Assert.Equal(2, await _world.CountFilesAsync());
        using var missing = await ImportAsync(new { file_id = Guid.CreateVersion7() });
        Assert.Equal((404, "file-not-found"), await ImageWorld.OutcomeAsync(missing));
        using var bad = await ImportAsync(new { file_id = file.Value, alias = "no-extension" });
        Assert.Equal((400, "alias-invalid"), await ImageWorld.OutcomeAsync(bad));
    }

    public async Task InitializeAsync() => _world = await ImageWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    /// <summary>Starts another world in the place of the first, whose worker would take its jobs.</summary>
    private async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await _world.DisposeAsync();
        _world = await ImageWorld.StartAsync(postgres, settings);
    }

    private static List<string> Texts(JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString()!)];

    private static Npgsql.NpgsqlBatchCommand InsertVariant(ImageId image, ImageBlob blob) => new(
        """
        INSERT INTO image_variants (variant_id, image_id, variant, blob_id, size, details)
        VALUES ($1, $2, 'thumbnail.webp', $3, $4, '{}')
        """)
    {
        Parameters =
        {
            new() { Value = Guid.CreateVersion7() }, new() { Value = image.Value }, new() { Value = blob.Id.Value },
            new() { Value = blob.Size },
        },
    };

    private async Task<(string State, bool DryRun, long Total, long Progress, long Missing)> PruneAsync(string query)
    {
        using (var started = await _world.SendAsync(HttpMethod.Post, $"/admin/images/prune-missing{query}"))
        {
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        }

        JsonElement run = default;
        await Until.TrueAsync("the run ends", async () =>
        {
            run = await _world.Client.GetFromJsonAsync<JsonElement>("/admin/images/prune-missing");
            return run.GetProperty("state").GetString() != "running";
        });
        return (
            run.GetProperty("state").GetString()!, run.GetProperty("dry_run").GetBoolean(), run.GetProperty("total").GetInt64(),
            run.GetProperty("progress").GetInt64(), run.GetProperty("missing").GetInt64());
    }

    private async Task<HttpResponseMessage> ImportAsync(object request)
    {
        using var content = JsonContent.Create(request);
        return await _world.SendAsync(HttpMethod.Post, "/admin/images/import", content: content);
    }

    private async Task<FileId> StoreAsync(string content)
    {
        await using var upload = await _world.Get<FileWriter>().BeginAsync(new NewFile("a", "image/jpeg"), default);
        await upload.WriteAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), 1000, default);
        return (await upload.CommitAsync(default)).Id;
    }
}
