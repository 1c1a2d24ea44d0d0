using System.Text.Json;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Tests.Api.Security;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;

namespace MediaAspire.Tests.Api.Media;

public sealed class ProcessingEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private ProcessingApi _api = null!;

    public async Task InitializeAsync() => _api = await ProcessingApi.StartAsync(postgres);

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Process_of_an_uploaded_item_is_accepted_and_enqueues_one_job_however_often_it_is_asked_for()
    {
        var item = await AddAsync(MediaStatus.Uploaded);

        for (var i = 0; i < 3; i++)
        {
            var accepted = await ExpectAsync(202, null, "POST", $"/media/{item.Id}/process");
            Assert.Equal("uploaded", accepted.GetProperty("status").GetString());
        }

        Assert.Equal(1, await postgres.ScalarAsync<long>("SELECT count(*) FROM jobs"));
        await _api.RunNextJobAsync();
        Assert.Equal(MediaStatus.Ready, (await _api.FindAsync(item))!.Status);
    }

    /// <summary>The origin read the flag under another name than callers sent it, so that no caller ever waited.</summary>
    [Fact]
    public async Task A_request_that_waits_gets_the_item_when_it_is_ready_and_a_misspelt_flag_is_refused()
    {
        var item = await AddAsync(MediaStatus.Uploaded);

        var waiting = ExpectAsync(200, null, "POST", $"/media/{item.Id}/process?wait=30");
        await _api.RunNextJobAsync();

        Assert.Equal("ready", (await waiting).GetProperty("status").GetString());
        var refused = await ExpectAsync(400, "query-parameter-unknown", "POST", $"/media/{item.Id}/process?await=30");
        Assert.Contains("wait", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await ExpectAsync(400, "query-parameter-unknown", "POST", "/media/sync?await=30");
    }

    [Fact]
    public async Task A_wait_ends_at_its_limit_and_with_a_failure_too()
    {
        var item = await AddAsync(MediaStatus.Uploaded);
        await ExpectAsync(202, null, "POST", $"/media/{item.Id}/process?wait=1");
        _api.Content.BeforeRead = (_, _) => throw new IOException("Away.");
        await postgres.ExecuteAsync("UPDATE media SET status = 5, error_code = 'a', error = 'b', error_count = 1");

        var waiting = ExpectAsync(200, null, "POST", $"/media/{item.Id}/process?wait=30");
        await _api.RunNextJobAsync();
        await _api.RunNextJobAsync();

        var failed = await waiting;
        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Equal("object-store-failed", failed.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(2, failed.GetProperty("error").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Process_is_refused_before_the_upload_while_it_runs_after_the_maximum_of_tries_and_for_others()
    {
        var pending = await AddAsync(MediaStatus.Pending);
        var running = await AddAsync(MediaStatus.Processing);
        var failed = await AddAsync(MediaStatus.Failed, new MediaFailure("a", "b", ProcessingApi.Settings.MaxTries));
        var removed = await _api.AddAsync(NewMedia.Of("alice", "r") with { RemovedAt = TimeProvider.System.GetUtcNow() });

        await ExpectAsync(412, "not-uploaded", "POST", $"/media/{pending.Id}/process");
        await ExpectAsync(412, "not-uploaded", "POST", $"/media/{pending.Id}/process?force=true");
        await ExpectAsync(409, "media-processing", "POST", $"/media/{running.Id}/process");
        await ExpectAsync(422, "media-tries-exhausted", "POST", $"/media/{failed.Id}/process");
        await ExpectAsync(404, "media-not-found", "POST", $"/media/{removed.Id}/process");
        await ExpectAsync(404, "media-not-found", "POST", $"/media/{Guid.CreateVersion7()}/process");
        await ExpectAsync(400, "media-id-invalid", "POST", "/media/x/process");
        await ExpectAsync(400, "wait-invalid", "POST", $"/media/{failed.Id}/process?wait=61");
        await ExpectAsync(400, "wait-invalid", "POST", $"/media/{failed.Id}/process?wait=-1");
        await ExpectAsync(403, "owner-forbidden", "POST", $"/media/{failed.Id}/process", owner: "bob");
        await ExpectAsync(422, "media-tries-exhausted", "POST", $"/media/{failed.Id}/process", owner: "alice");
        await ExpectAsync(403, "application-key-required", "POST", $"/media/{failed.Id}/process?force=true", owner: "alice");
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM jobs"));
    }

    [Fact]
    public async Task An_operator_forces_a_failed_item_and_a_ready_one_to_be_processed_again()
    {
        var failed = await AddAsync(MediaStatus.Failed, new MediaFailure("a", "b", ProcessingApi.Settings.MaxTries));
        var ready = await AddAsync(MediaStatus.Ready);
        await ExpectAsync(200, null, "POST", $"/media/{ready.Id}/process");

        foreach (var item in new[] { failed, ready })
        {
            var waiting = ExpectAsync(200, null, "POST", $"/media/{item.Id}/process?force=true&wait=30");
            await _api.RunNextJobAsync();
            var processed = await waiting;
            Assert.Equal("ready", processed.GetProperty("status").GetString());
            Assert.True(IsAbsent(processed, "error"));
        }
    }

    [Fact]
    public async Task Sync_asks_the_duty_for_a_run_and_returns_its_counts_to_a_request_that_waits()
    {
        await ExpectAsync(403, "application-key-required", "POST", "/media/sync", owner: "alice");
        await ExpectAsync(400, "wait-invalid", "POST", "/media/sync?wait=61");
        Assert.True(IsAbsent(await ExpectAsync(202, null, "POST", "/media/sync"), "run"));

        var waiting = ExpectAsync(200, null, "POST", "/media/sync?wait=30");
        using var stop = new CancellationTokenSource();
        var running = RunAsync(new SyncRuns(postgres.Database), stop.Token);
        var run = (await waiting).GetProperty("run");
        await stop.CancelAsync();
        await running;

        Assert.Equal((7, 5), (run.GetProperty("examined").GetInt64(), run.GetProperty("finished").GetInt64()));

        // As a worker that leads the duty: a run after each request's signal, which this one polls for.
        static async Task RunAsync(SyncRuns runs, CancellationToken stopped)
        {
            while (!stopped.IsCancellationRequested)
            {
                await runs.EndAsync(await runs.BeginAsync(default), new SyncCounts { Examined = 7, Finished = 5 }, default);
            }
        }
    }

    [Fact]
    public async Task Report_shows_an_owners_items_and_bytes_when_they_are_asked_for()
    {
        await _api.AddAsync(NewMedia.Of("alice", "12345") with { Kind = MediaKind.Image, IsPublic = true });
        await _api.AddAsync(NewMedia.Of("alice", "123") with { Kind = MediaKind.Video });
        await _api.AddAsync(NewMedia.Of("alice", "12") with { Status = MediaStatus.Pending });
        await _api.AddAsync(NewMedia.Of("bob", "1") with { RemovedAt = TimeProvider.System.GetUtcNow() });

        var report = await ExpectAsync(200, null, "GET", "/media/report?includeStorage=true", owner: "alice");
        Assert.Equal("""
            {"owner":"alice","total":2,"public":1,"totalContentLength":8,"publicContentLength":5,"kinds":[
            {"kind":"image","total":1,"public":1,"totalContentLength":5,"publicContentLength":5},
            {"kind":"video","total":1,"public":0,"totalContentLength":3,"publicContentLength":0}],
            "pending":{"total":1,"contentLength":2},"trash":{"total":0,"contentLength":0}}
            """.ReplaceLineEndings(""), WithoutNulls(report));
        var all = await ExpectAsync(200, null, "GET", "/media/report");
        Assert.Equal((2, 1, 1), (
            all.GetProperty("total").GetInt64(), all.GetProperty("pending").GetProperty("total").GetInt64(),
            all.GetProperty("trash").GetProperty("total").GetInt64()));
        Assert.Equal("bob", (await ExpectAsync(200, null, "GET", "/media/report?owner=bob")).GetProperty("owner").GetString());
        await ExpectAsync(403, "owner-forbidden", "GET", "/media/report?owner=bob", owner: "alice");
        await ExpectAsync(400, "media-owner-invalid", "GET", "/media/report?owner=%00");
    }

    private async Task<JsonElement> ExpectAsync(int status, string? code, string method, string path, string? owner = null)
    {
        using var response = await _api.SendAsync(method, path, owner);
        return await SecuredApi.ExpectAsync(response, status, code);
    }

    private Task<MediaItem> AddAsync(MediaStatus status, MediaFailure? failure = null) =>
        _api.AddAsync(NewMedia.Of("alice", "a") with { Status = status, Failure = failure }, "a text");

    private static bool IsAbsent(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null;

    private static string WithoutNulls(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", element.EnumerateObject()
            .Where(property => property.Value.ValueKind != JsonValueKind.Null)
            .Select(property => $"\"{property.Name}\":{WithoutNulls(property.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(",", element.EnumerateArray().Select(WithoutNulls)) + "]",
        _ => element.GetRawText(),
    };
}
