using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Graph;

/// <summary>
/// Migrations of images whose workers are killed with SIGKILL, while images are read, added and removed. MEDIAASPIRE_MIGRATION_KILLS is
/// the number of kills in each direction, each of both workers; without it the tests are skipped, which take a minute a kill. Kills
/// within the process are in <see cref="Images.Migration.KilledMigrationTests"/>.
/// </summary>
[Collection(ReplicatedGraphGroup.Name)]
public sealed class KilledWorkerMigrationTests(ReplicatedGraph graph, ITestOutputHelper output)
{
    private const string Route = "/admin/images/migration";
    private const int ImagesOfKill = 12;

    // Half of them: some images are removed before they are moved, and workers move some more before they are killed.
    private const int MovesOfKill = ImagesOfKill / 2;

    private const string Setting = "MEDIAASPIRE_MIGRATION_KILLS";

    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable(Setting) ?? "0", CultureInfo.InvariantCulture);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, (byte[] Bytes, string Token)> _images = new(StringComparer.Ordinal);
    private int _seed;
    private int _reads;
    private int _added;
    private int _kills;

    [KillFact]
    public async Task Killed_workers_lose_nothing_and_double_nothing_in_either_direction()
    {
        for (var i = 0; i < ImagesOfKill * s_kills; i++)
        {
            Assert.True(await AddAsync());
        }

        await MoveAsync("s3", s_kills);
        await MoveAsync("chunks", s_kills);
        output.WriteLine($"{_kills} kills of both workers, {_images.Count} images at the end, {_added} added, {_reads} reads in all.");
    }

    private async Task MoveAsync(string target, int kills)
    {
        // About two seconds for the images between two kills.
        var bytesPerSecond = _images.Values.Sum(image => image.Bytes.LongLength) / Math.Max(1, kills) / 2;
        using (var started = await graph.Admin.PostAsJsonAsync(Route, new { to = target, bytesPerSecond }))
        {
            Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        }

        using var stopped = new CancellationTokenSource();
        var load = LoadAsync(stopped.Token);
        for (var kill = 0; kill < kills; kill++)
        {
            var reached = kill * MovesOfKill;
            var (state, _) = await WaitAsync(state => state.Done > reached || state.State != "running");
            Assert.Equal("running", state);
            await graph.KillAllAndRestartAsync("worker");
            _kills++;
        }

        Assert.Equal("done", (await WaitAsync(state => state.State != "running")).State);
        await stopped.CancelAsync();
        await load;
        await AssertAllInAsync(target);
    }

    private async Task AssertAllInAsync(string target)
    {
        foreach (var (alias, image) in _images)
        {
            Assert.Equal(image.Bytes, await graph.Apis[0].GetByteArrayAsync($"/images/{alias}"));
        }

        await graph.WaitForAsync(
            $"SELECT count(*) FROM image_blobs WHERE {(target == "s3" ? "file_id" : "object_key")} IS NOT NULL", 0, s_patience);
        Assert.Equal(0, await graph.CountAsync("SELECT count(*) FROM image_blob_copies"));

        // An object is deleted twice, the second time after an hour.
        await graph.WaitForAsync("SELECT count(*) FROM media_object_deletions WHERE due_at <= now()", 0, s_patience);

        // Of images: objects of the graph's own S3 are files too, with other names.
        await graph.WaitForAsync(
            """
            SELECT count(*) FROM files f WHERE f.filename = 'image' AND f.upload_status = 'completed' AND f.holders > 0
            AND NOT EXISTS (SELECT FROM image_blobs b WHERE b.file_id = f.file_id)
            AND NOT EXISTS (SELECT FROM image_uploads u WHERE u.file_id = f.file_id)
            """,
            0,
            s_patience);
        var orphans = await graph.Admin.GetFromJsonAsync<JsonElement>("/admin/images/orphans");
        foreach (var kind in orphans.EnumerateObject().Where(kind => kind.Value.ValueKind == JsonValueKind.Array))
        {
            Assert.Equal((kind.Name, 0), (kind.Name, kind.Value.GetArrayLength()));
        }
    }

    private async Task LoadAsync(CancellationToken stopped)
    {
        for (var i = 0; !stopped.IsCancellationRequested; i++)
        {
            var (alias, image) = _images.ElementAt(i % _images.Count);
            Assert.Equal(image.Bytes, await graph.Apis[i % 2].GetByteArrayAsync($"/images/{alias}", CancellationToken.None));
            _reads++;
            if (i % 50 == 25 && await AddAsync())
            {
                Assert.True(_images.TryRemove(alias, out _));
                using var removed = await graph.Apis[0].DeleteAsync($"/images/{alias}?token={image.Token}", CancellationToken.None);
                Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
            }
        }
    }

    private async Task<bool> AddAsync()
    {
        var bytes = NoisePicture.Make(++_seed);
        using var response = await graph.Apis[0].PostImageAsync(bytes);
        var (alias, token) = response.StatusCode == HttpStatusCode.Accepted
            ? await ClaimAsync(await response.Content.ReadFromJsonAsync<JsonElement>())
            : await ImageClient.ReadAsync(response, HttpStatusCode.Created);
        _added++;
        return _images.TryAdd(alias, (bytes, token));
    }

    // The workers were dead for longer than a request waits.
    private async Task<(string Alias, string Token)> ClaimAsync(JsonElement accepted)
    {
        var upload = accepted.GetProperty("uploads")[0].GetProperty("upload_id").GetString();
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            using var claimed = await graph.Apis[1].GetAsync($"/images/backgrounded/claim?upload_id={upload}", limit.Token);
            if (claimed.StatusCode != HttpStatusCode.NoContent)
            {
                return await ImageClient.ReadAsync(claimed, HttpStatusCode.OK);
            }
        }
    }

    private async Task<(string? State, long Done)> WaitAsync(Func<(string? State, long Done), bool> isReached)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var answer = await graph.Admin.GetFromJsonAsync<JsonElement>(Route, limit.Token);
            var migration = answer.GetProperty("migration");
            var state = (migration.GetProperty("state").GetString(), migration.GetProperty("done").GetInt64());
            if (isReached(state))
            {
                return state;
            }

            Assert.True(await poll.WaitForNextTickAsync(limit.Token), migration.ToString());
        }
    }

    private sealed class KillFactAttribute : FactAttribute
    {
        public KillFactAttribute() => Skip = s_kills == 0 ? $"{Setting} is not set." : null;
    }
}
