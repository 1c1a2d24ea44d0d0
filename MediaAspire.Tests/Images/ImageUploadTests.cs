using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Images;
using MediaAspire.Worker.Queue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Images;

public sealed class ImageUploadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private ImageWorld _world = null!;

    [Fact]
    public async Task An_upload_has_an_alias_a_token_and_details_and_is_served()
    {
        using var response = await _world.PostAsync("/images", "30x20 sunset");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("ok", json.RootElement.GetProperty("msg").GetString());
        var file = json.RootElement.GetProperty("files")[0];
        var alias = file.GetProperty("file").GetString()!;
        var details = file.GetProperty("details");
        Assert.Equal($"/images/{alias}", response.Headers.Location?.ToString());
        Assert.Matches(@"\A[0-9a-f-]{36}\.jpg\z", alias);
        Assert.Equal(
            (30, 20, "image/jpeg", false),
            (details.GetProperty("width").GetInt32(), details.GetProperty("height").GetInt32(),
                details.GetProperty("content_type").GetString(), details.TryGetProperty("frames", out _)));
        Assert.True(details.GetProperty("created_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Equal("30x20 sunset", await _world.Client.GetStringAsync($"/images/{alias}"));

        // Only the hash of the token is stored.
        var token = file.GetProperty("delete_token").GetString()!;
        Assert.Equal(0, await _world.ScalarAsync<long>("SELECT count(*) FROM image_uploads u WHERE u::text LIKE '%' || $1 || '%'", token));
        Assert.True(DeleteToken.TryParse(token, out var parsed));
        Assert.True(parsed.Matches(await _world.ScalarAsync<byte[]>("SELECT delete_token FROM image_aliases")));
        Assert.Equal(0, _world.CountScratchFiles());
        Assert.Equal(1, await _world.CountFilesAsync());
    }

    [Fact]
    public async Task What_cannot_be_an_image_is_refused_and_not_kept()
    {
        foreach (var (content, expected) in new (string, (int, string?))[]
        {
            ("", (400, "validate-file-empty")),
            ("no picture", (422, "image-unreadable")),
            ("20000x1 wide", (400, "validate-width")),
        })
        {
            using var response = await _world.PostAsync("/images", content);

            Assert.Equal((content, expected), (content, await ImageWorld.OutcomeAsync(response)));
            Assert.Equal((0, 0), (await _world.CountAsync("images"), await _world.CountAsync("image_uploads")));
            Assert.Equal(0, await _world.CountFilesAsync());
        }
    }

    [Fact]
    public async Task An_empty_stream_is_refused_without_a_division_by_zero()
    {
        // The origin divides by the length of the stream.
        using var response = await _world.PostAsync("/images/backgrounded", "");

        Assert.Equal((400, "validate-file-empty"), await ImageWorld.OutcomeAsync(response));
        Assert.Equal(0, _world.Processor.Probes);
    }

    [Fact]
    public async Task Parameters_lower_the_limits_and_nothing_else()
    {
        foreach (var (query, expected) in new (string, (int, string?))[]
        {
            ("max_width=10", (400, "validate-width")),
            ("max_file_size=5", (413, "validate-file-size")),
            ("allow_image=false", (400, "media-disallowed")),
            ("allow_image=maybe", (400, "query-invalid")),
            ("max_width=0", (400, "query-invalid")),
            ("max_width=1&max_width=2", (400, "query-invalid")),
            ("max_width=", (400, "query-invalid")),
            ("maxwidth=1", (400, "query-invalid")),
            ("owner=nobody", (400, "owner-unknown")),
            ("max_width=40000", (201, null)),
        })
        {
            using var response = await _world.PostAsync($"/images?{query}", "30x20 picture");

            Assert.Equal((query, expected), (query, await ImageWorld.OutcomeAsync(response)));
            Assert.Equal(expected.Item1 == 201 ? 1 : 0, await _world.CountFilesAsync());
        }
    }

    [Fact]
    public async Task A_body_that_is_no_form_of_images_is_refused()
    {
        const string head = "--x\r\nContent-Disposition: form-data; name=";
        foreach (var (contentType, body, expected) in new (string, string, (int, string?))[]
        {
            ("text/plain", "text", (415, "media-type-unsupported")),
            ("multipart/form-data", "text", (400, "multipart-boundary-missing")),
            ("multipart/form-data; boundary=x", $"{head}\"images[]\"; filename=\"a\"\r\n\r\n3x2", (400, "multipart-malformed")),
            ("multipart/form-data; boundary=x", $"{head}\"other\"\r\n\r\n1\r\n--x--\r\n", (400, "validate-no-files")),
        })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            using var response = await _world.SendAsync(HttpMethod.Post, "/images", content: content);

            Assert.Equal((body, expected), (body, await ImageWorld.OutcomeAsync(response)));
            Assert.Equal(0, await _world.CountFilesAsync());
        }
    }

    [Fact]
    public async Task Of_a_form_with_a_bad_file_none_is_kept()
    {
        await RestartAsync(("Images:Uploads:MaxFiles", "3"));

        using (var bad = await _world.PostAsync("/images", "3x2 good", "bad", "4x2 good"))
        {
            Assert.Equal((422, "image-unreadable"), await ImageWorld.OutcomeAsync(bad));
        }

        Assert.Equal((0, 0, 0), (await _world.CountAsync("image_aliases"), await _world.CountAsync("images"),
            await _world.CountFilesAsync()));
        using (var many = await _world.PostAsync("/images", "3x2", "4x2", "5x2", "6x2"))
        {
            Assert.Equal((400, "validate-file-count"), await ImageWorld.OutcomeAsync(many));
        }

        Assert.Equal(0, await _world.CountFilesAsync());
        using var good = await _world.PostAsync("/images", "3x2", "4x2", "5x2");
        using var json = JsonDocument.Parse(await good.Content.ReadAsStringAsync());
        Assert.Equal(
            [3, 4, 5],
            json.RootElement.GetProperty("files").EnumerateArray()
                .Select(file => file.GetProperty("details").GetProperty("width").GetInt32()));
    }

    [Fact]
    public async Task A_claim_waits_then_hands_the_result_out_once()
    {
        await RestartAsync(("Images:Uploads:ClaimLimit", "00:00:00.200"));
        var gate = new TaskCompletionSource();
        _world.Processor.Before = token => gate.Task.WaitAsync(token);
        var id = await BackgroundedAsync(_world, "3x2 slow");
        var path = $"/images/backgrounded/claim?upload_id={id}";

        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Get, path));
        gate.SetResult();
        await Until.TrueAsync("the image is made", async () =>
            (await _world.Uploads.FindAsync(id, default)).State == UploadState.Done);
        using (var claimed = await _world.SendAsync(HttpMethod.Get, path))
        {
            Assert.Equal(HttpStatusCode.OK, claimed.StatusCode);
            Assert.Contains("delete_token", await claimed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal((400, "already-claimed"), await _world.OutcomeAsync(HttpMethod.Get, path));
        Assert.Equal(
            (404, "upload-not-found"),
            await _world.OutcomeAsync(HttpMethod.Get, $"/images/backgrounded/claim?upload_id={Guid.CreateVersion7()}"));
        Assert.Equal((400, "upload-id-invalid"), await _world.OutcomeAsync(HttpMethod.Get, "/images/backgrounded/claim?upload_id=x"));
        Assert.Equal((400, "upload-id-invalid"), await _world.OutcomeAsync(HttpMethod.Get, "/images/backgrounded/claim"));
    }

    [Fact]
    public async Task A_failed_upload_tells_its_code_when_it_is_claimed()
    {
        var id = await BackgroundedAsync(_world, "no picture");
        var path = $"/images/backgrounded/claim?upload_id={id}";

        Assert.Equal((422, "image-unreadable"), await _world.OutcomeAsync(HttpMethod.Get, path));
        Assert.Equal((400, "already-claimed"), await _world.OutcomeAsync(HttpMethod.Get, path));
        Assert.Equal(0, await _world.CountFilesAsync());
    }

    [Fact]
    public async Task An_upload_of_another_owner_is_not_claimed()
    {
        await _world.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'A'), ('bob', 'B')");
        var id = await BackgroundedAsync(_world, "3x2 of alice", "alice");
        var path = $"/images/backgrounded/claim?upload_id={id}";

        Assert.Equal((404, "upload-not-found"), await _world.OutcomeAsync(HttpMethod.Get, path, "bob"));
        Assert.Equal((200, null), await _world.OutcomeAsync(HttpMethod.Get, path, "alice"));
    }

    [Fact]
    public async Task A_request_that_waits_too_long_is_answered_with_an_id_and_the_work_goes_on()
    {
        // The origin ends the request after 30 s with an error, and the work behind it goes on unclaimed.
        await RestartAsync(("Images:Uploads:WaitLimit", "00:00:00.200"));
        var gate = new TaskCompletionSource();
        _world.Processor.Before = token => gate.Task.WaitAsync(token);
        using var response = await _world.PostAsync("/images", "3x2 slow");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        gate.SetResult();
        using var claimed = await _world.SendAsync(HttpMethod.Get, response.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, claimed.StatusCode);
    }

    [Fact]
    public async Task A_failed_job_is_tried_again_before_the_next_sweep()
    {
        // The origin leaves a failed job to a sweep of every two minutes.
        var failures = 1;
        _world.Processor.Before = _ => Interlocked.Decrement(ref failures) >= 0
            ? throw new IOException("a program is missing")
            : Task.CompletedTask;

        using var response = await _world.PostAsync("/images", "3x2 second attempt");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(2, _world.Processor.Probes);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task A_last_attempt_that_takes_too_long_ends_the_upload(int attempt, bool isEnded)
    {
        _world.Processor.Before = token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        var upload = (await _world.Uploads.ReceiveAsync(
            owner: null, new UploadWishes(), new MemoryStream(Encoding.UTF8.GetBytes("3x2 slow")), 100, null, default))!.Value;
        var handler = ActivatorUtilities.CreateInstance<IngestImageHandler>(
            _world.Get<IServiceProvider>(), Options.Create(new JobWorkerOptions { MaxRunTime = TimeSpan.FromMilliseconds(100) }));

        using var tooLong = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handler.HandleAsync(
            new IngestImage(upload.Value), new JobContext(JobId.New(TimeProvider.System), attempt, 5, default), tooLong.Token));

        var outcome = await _world.Uploads.WaitAsync(upload, TimeSpan.FromMilliseconds(100), default);
        Assert.Equal(isEnded ? "processing-failed" : null, outcome?.Failure?.Code);
    }

    [Fact]
    public async Task A_lost_job_is_found_once_and_an_expired_upload_is_removed_with_its_unclaimed_image()
    {
        // An upload whose process ended between its commit and the job.
        var lost = await _world.Uploads.ReceiveAsync(
            owner: null, new UploadWishes(), new MemoryStream(Encoding.UTF8.GetBytes("3x2 lost")), 100, null, default);
        await _world.ExecuteAsync("UPDATE image_uploads SET created_at = now() - interval '1 hour'");
        Assert.Equal(1, await _world.RunAsync<ImageUploadsDuty>());
        Assert.Equal(UploadState.Done, (await _world.Uploads.WaitAsync(lost!.Value, TimeSpan.FromSeconds(20), default))!.State);
        Assert.Equal(0, await _world.RunAsync<ImageUploadsDuty>());
        Assert.Equal(1, await _world.CountAsync("images"));

        await _world.ExecuteAsync("UPDATE image_uploads SET expires_at = now() - interval '1 second'");
        Assert.Equal(1, await _world.RunAsync<ImageUploadsDuty>());
        Assert.Equal(
            (0, 0, 0),
            (await _world.CountAsync("image_uploads"), await _world.CountAsync("image_aliases"), await _world.CountFilesAsync()));
    }

    [Fact]
    public async Task A_sweep_enqueues_one_job_for_each_upload_however_often_it_runs()
    {
        // The origin's sweeps spawn thousands of jobs, because they are not unique.
        var gate = new TaskCompletionSource();
        _world.Processor.Before = token => gate.Task.WaitAsync(token);
        for (var i = 0; i < 12; i++)
        {
            await _world.Uploads.ReceiveAsync(
                owner: null, new UploadWishes(), new MemoryStream(Encoding.UTF8.GetBytes($"3x2 {i}")), 100, null, default);
        }

        await _world.ExecuteAsync("UPDATE image_uploads SET created_at = now() - interval '1 hour'");
        for (var i = 0; i < 5; i++)
        {
            await _world.RunAsync<ImageUploadsDuty>();
            Assert.InRange(await _world.CountAsync("jobs"), 1, 24);
        }

        gate.SetResult();
        await Until.TrueAsync("all are made", async () =>
            await _world.ScalarAsync<long>("SELECT count(*) FROM image_uploads WHERE state = 'done'") == 12);
        Assert.Equal((12, 12), (await _world.CountAsync("images"), await _world.CountAsync("image_aliases")));
    }

    [Fact]
    public async Task A_claimed_image_stays_when_its_upload_expires()
    {
        var (alias, _) = await _world.UploadAsync("3x2 stays");
        await _world.ExecuteAsync("UPDATE image_uploads SET expires_at = now() - interval '1 second'");

        Assert.Equal(1, await _world.RunAsync<ImageUploadsDuty>());
        Assert.Equal((200, null), await _world.OutcomeAsync(HttpMethod.Get, $"/images/{alias}"));
    }

    [Fact]
    public async Task Nothing_is_added_or_removed_while_images_are_read_only()
    {
        await RestartAsync(("Images:ReadOnly", "true"));

        using var response = await _world.PostAsync("/images", "3x2");
        Assert.Equal((400, "read-only"), await ImageWorld.OutcomeAsync(response));
        Assert.Equal((400, "read-only"), await _world.OutcomeAsync(HttpMethod.Delete, "/images/a.jpg?token=x"));
    }

    [Fact]
    public async Task A_quota_refuses_what_does_not_fit_and_is_freed_with_the_alias()
    {
        await _world.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'A')");
        var quota = await new QuotaCatalog(postgres.Database, TimeProvider.System)
            .SetAsync(QuotaScope.Of(new OwnerId("alice")), new(Bytes: 25, Objects: null), default);
        await new QuotaCounter(postgres.Database, TimeProvider.System).CountAsync(quota!.Value, default);
        var (alias, token) = await _world.UploadAsync("3x2 123456", "alice");
        await _world.UploadAsync("3x2 123456", "alice");
        Assert.Equal(20, await _world.ScalarAsync<long>("SELECT bytes FROM usage_of(NULL, 'alice')"));

        using (var third = await _world.PostAsync("/images", "alice", ["3x2 123456"]))
        {
            Assert.Equal((507, "quota-exceeded"), await ImageWorld.OutcomeAsync(third));
        }

        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{alias}?token={token}"));
        Assert.Equal(10, await _world.ScalarAsync<long>("SELECT used_bytes FROM quotas"));
        await _world.UploadAsync("3x2 123456", "alice");
    }

    [Fact]
    public async Task An_external_judge_sees_the_bytes_and_decides()
    {
        var seen = new ConcurrentQueue<(string? Type, string Bytes)>();
        var statuses = new ConcurrentQueue<int>([200, 403, 500, 204]);
        await using var judge = WebApplication.CreateSlimBuilder().Build();
        judge.Urls.Add("http://127.0.0.1:0");
        judge.MapPost("/judge", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            seen.Enqueue((request.ContentType, await reader.ReadToEndAsync()));
            return Results.StatusCode(statuses.TryDequeue(out var status) ? status : 500);
        });
        await judge.StartAsync();
        await RestartAsync(("Images:Validation:Url", $"{judge.Urls.Single()}/judge"));

        await _world.UploadAsync("3x2 accepted");
        using (var refused = await _world.PostAsync("/images", "3x2 refused"))
        {
            Assert.Equal((400, "failed-external-validation"), await ImageWorld.OutcomeAsync(refused));
        }

        // A judge that is out of order has not refused the image: the job asks it again.
        await _world.UploadAsync("3x2 second answer");
        Assert.Equal(
            ["3x2 accepted", "3x2 refused", "3x2 second answer", "3x2 second answer"], seen.Select(request => request.Bytes));
        Assert.All(seen, request => Assert.Equal("image/jpeg", request.Type));
        Assert.Equal((2, 2), (await _world.CountAsync("images"), await _world.CountFilesAsync()));
    }

    public async Task InitializeAsync() => _world = await ImageWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    /// <summary>Starts another world in the place of the first, whose worker would take its jobs.</summary>
    private async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await _world.DisposeAsync();
        _world = await ImageWorld.StartAsync(postgres, settings);
    }

    private static async Task<ImageUploadId> BackgroundedAsync(ImageWorld world, string content, string? owner = null)
    {
        using var response = await world.PostAsync("/images/backgrounded", owner, [content]);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return new(json.RootElement.GetProperty("uploads")[0].GetProperty("upload_id").GetGuid());
    }
}
