using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.Variants;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Images.Variants;

/// <summary>Variants as clients get them: made once, remembered, and bounded.</summary>
public sealed class VariantGenerationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly FakeObjectStore _store = new();
    private readonly CountingProcessor _processor = new();

    public Task InitializeAsync() => postgres.ClearAsync("image_blobs", "images", "jobs", "dead_jobs", "media_object_deletions");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_thousand_first_requests_over_two_replicas_and_two_workers_make_one_variant()
    {
        var (begun, mayEnd) = HoldProcessor();
        await using var first = await StartAsync(isWorker: true);
        await using var second = await StartAsync(isWorker: true);
        var alias = await first.AddImageAsync("cat");
        var address = $"/images/{alias}/process.webp?resize=320";

        var requests = Enumerable.Range(0, 1000).Select(number => (number % 2 == 0 ? first : second).GetOkAsync(address)).ToArray();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        mayEnd.SetResult();
        var bodies = await Task.WhenAll(requests);

        Assert.All(bodies, body => Assert.Equal("cat as resize=320.webp", body));
        Assert.Equal(1, _processor.RunsOf("resize=320.webp"));
        Assert.Equal(1L, await CountAsync("image_variants"));
        Assert.Equal(0L, await CountAsync("image_variant_work"));
        Assert.Equal(2, _store.Keys.Count);
    }

    [Fact]
    public async Task Two_jobs_for_one_variant_make_it_once()
    {
        var (begun, mayEnd) = HoldProcessor();
        await using var api = await StartAsync();
        await using var worker = await StartAsync(isWorker: true);
        var alias = await api.AddImageAsync("cat");
        var waiting = api.GetOkAsync($"/images/{alias}/process.webp?resize=320");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // The first job has released its key, so that the queue takes another one, which a free worker runs at once.
        var work = (Guid)(await ScalarAsync("SELECT work_id FROM image_variant_work"))!;
        var handler = worker.Services.GetRequiredService<MakeVariantHandler>();
        await handler.HandleAsync(new(work), Context(), CancellationToken.None);
        mayEnd.SetResult();
        await waiting;
        await handler.HandleAsync(new(work), Context(), CancellationToken.None);

        Assert.Equal(1, _processor.Runs);
    }

    [Fact]
    public async Task A_worker_that_was_paused_stores_nothing_after_another_one_has()
    {
        await using var api = await VariantsHost.StartAsync(postgres, _store, _processor, runsJobs: false);
        var alias = await api.AddImageAsync("cat");
        var key = "resize=320.webp";
        var owner = await OwnerAsync(api, alias);
        var work = api.Services.GetRequiredService<VariantWork>();
        var wanted = await work.WantAsync(owner, key, isUrgent: true, CancellationToken.None);
        var paused = (await work.ClaimAsync(wanted.Work, new(Guid.CreateVersion7()), CancellationToken.None))!;
        await ExecuteAsync("UPDATE image_variant_work SET claimed_until = now() - interval '1 second'");

        await api.Services.GetRequiredService<MakeVariantHandler>().HandleAsync(new(wanted.Work), Context(), CancellationToken.None);
        using var scratch = new TemporaryDirectory();
        var path = Path.Combine(scratch.Path, "late");
        await File.WriteAllTextAsync(path, "late");
        await using (var staged = await api.Services.GetRequiredService<ImageBlobs>()
            .StageAsync(path, "image/webp", CancellationToken.None))
        {
            Assert.False(await work.CommitAsync(
                paused, staged, new ImageDetails { Format = ImageFormat.Webp, Width = 1, Height = 1 }, CancellationToken.None));
        }

        Assert.Equal("cat as resize=320.webp", await api.GetOkAsync($"/images/{alias}/process.webp?resize=320"));
        Assert.Equal(1L, await CountAsync("image_variants"));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_processed_is_not_processed_for_every_request()
    {
        _processor.Before = (_, _) => Task.FromResult<ImageFailure?>(new("image-unreadable", "The picture is damaged."));
        await using var host = await StartAsync(isWorker: true);
        var alias = await host.AddImageAsync("bomb");

        for (var request = 0; request < 5; request++)
        {
            using var response = await host.Client.GetAsync($"/images/{alias}/process.webp?resize=320");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Equal("image-unreadable", await CodeOfAsync(response));
        }

        Assert.Equal(1, _processor.Runs);

        // Remembered for some time only.
        await ExecuteAsync("UPDATE image_variant_work SET expires_at = now() - interval '1 second'");
        _processor.Before = (_, _) => Task.FromResult<ImageFailure?>(null);
        Assert.Equal("bomb as resize=320.webp", await host.GetOkAsync($"/images/{alias}/process.webp?resize=320"));
    }

    [Fact]
    public async Task Work_whose_workers_fail_each_time_ends_as_a_failure()
    {
        _processor.Before = (_, _) => throw new InvalidOperationException("The tool is missing.");
        await using var host = await StartAsync(isWorker: true, ("Images:Variants:WaitLimit", "00:00:00.300"));
        var alias = await host.AddImageAsync("cat");

        await Until.TrueAsync("the failure is remembered", async () =>
        {
            await ExecuteAsync("UPDATE image_variant_work SET requested_at = now() - interval '1 hour'");
            using var response = await host.Client.GetAsync($"/images/{alias}/process.webp?resize=320");
            return response.StatusCode == HttpStatusCode.UnprocessableEntity && await CodeOfAsync(response) == "processing-failed";
        });

        Assert.Equal(6, _processor.Runs);
    }

    [Fact]
    public async Task A_request_that_waits_too_long_is_told_so_and_the_work_goes_on()
    {
        var (_, mayEnd) = HoldProcessor();
        await using var host = await StartAsync(isWorker: true, ("Images:Variants:WaitLimit", "00:00:00.200"));
        var alias = await host.AddImageAsync("cat");

        using (var response = await host.Client.GetAsync($"/images/{alias}/process.webp?resize=320"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("variant-pending", await CodeOfAsync(response));
            Assert.True(response.Headers.Contains("Retry-After"));
        }

        mayEnd.SetResult();
        await Until.TrueAsync("the variant is made", async () => await CountAsync("image_variants") == 1);
        Assert.Equal("cat as resize=320.webp", await host.GetOkAsync($"/images/{alias}/process.webp?resize=320"));
        Assert.Equal(1, _processor.Runs);
    }

    [Fact]
    public async Task Endless_distinct_sizes_of_one_picture_are_bounded()
    {
        var (_, mayEnd) = HoldProcessor();
        await using var host = await StartAsync(isWorker: true, ("Images:Variants:MaxPendingPerImage", "3"));
        await using var other = await StartAsync(isWorker: false, ("Images:Variants:MaxPendingPerImage", "3"));
        var alias = await host.AddImageAsync("cat");

        var requests = Enumerable.Range(100, 40)
            .Select(size => (size % 2 == 0 ? host : other).Client.GetAsync($"/images/{alias}/process.webp?resize={size}")).ToArray();
        await Until.TrueAsync("the refused ones are answered", () => Task.FromResult(requests.Count(request => request.IsCompleted) >= 34));
        mayEnd.SetResult();
        var responses = await Task.WhenAll(requests);

        Assert.InRange(responses.Count(response => response.StatusCode == HttpStatusCode.OK), 3, 6);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.OK))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "variants-busy"), (refused.StatusCode, await CodeOfAsync(refused)));
        }

        Assert.InRange(_processor.Runs, 3, 6);
        Assert.Equal("cat as resize=900.webp", await host.GetOkAsync($"/images/{alias}/process.webp?resize=900"));
    }

    [Fact]
    public async Task A_variant_that_is_made_ahead_becomes_urgent_when_somebody_waits_for_it()
    {
        await using var api = await StartAsync();
        var alias = await api.AddImageAsync("cat");
        var owner = await OwnerAsync(api, alias);
        await api.Services.GetRequiredService<VariantWork>().WantAsync(owner, "resize=320.webp", isUrgent: false, CancellationToken.None);
        Assert.Equal(1L, await CountAsync("jobs WHERE priority = 2"));

        await using var worker = await StartAsync(isWorker: true);
        Assert.Equal("cat as resize=320.webp", await api.GetOkAsync($"/images/{alias}/process.webp?resize=320"));

        await Until.TrueAsync("both jobs have ended", async () => await CountAsync("jobs") == 0);
        Assert.Equal(1, _processor.Runs);
    }

    [Fact]
    public async Task A_variant_can_be_requested_without_waiting()
    {
        await using var host = await StartAsync(isWorker: true);
        var alias = await host.AddImageAsync("cat");

        using (var response = await host.Client.PostAsync($"/images/{alias}/process_backgrounded.webp?resize=320", null))
        {
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("resize=320.webp", answer.GetProperty("variant").GetString());
        }

        await Until.TrueAsync("the variant is made", async () => await CountAsync("image_variants") == 1);
        using var again = await host.Client.PostAsync($"/images/{alias}/process_backgrounded.webp?resize=320", null);
        Assert.Equal("made", (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());
        Assert.Equal(1, _processor.Runs);
    }

    [Fact]
    public async Task Deleting_an_image_during_the_work_ends_the_work()
    {
        var (begun, mayEnd) = HoldProcessor();
        await using var host = await StartAsync(isWorker: true, ("Images:Variants:WaitLimit", "00:00:02"));
        var alias = await host.AddImageAsync("cat");
        var request = host.Client.GetAsync($"/images/{alias}/process.webp?resize=320");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await ExecuteAsync("SELECT delete_image_aliases(ARRAY['cat.jpg'])");
        mayEnd.SetResult();
        using var response = await request;

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await Until.TrueAsync("the job has ended", async () => await CountAsync("jobs") == 0);
        Assert.Equal(0L, await CountAsync("image_blobs"));
        Assert.Equal(2L, await CountAsync("media_object_deletions"));
    }

    private Task<VariantsHost> StartAsync(bool isWorker = false, params (string Key, string Value)[] settings) =>
        VariantsHost.StartAsync(postgres, _store, isWorker ? _processor : null, runsJobs: isWorker, settings);

    // Each run of the processor says that it has begun, and waits.
    private (TaskCompletionSource Begun, TaskCompletionSource MayEnd) HoldProcessor()
    {
        var (begun, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        _processor.Before = async (_, token) =>
        {
            begun.TrySetResult();
            await mayEnd.Task.WaitAsync(token);
            return null;
        };
        return (begun, mayEnd);
    }

    private static JobContext Context() => new(new(Guid.CreateVersion7()), 1, 3, TimeProvider.System.GetUtcNow());

    private static async Task<VariantOwner> OwnerAsync(VariantsHost host, ImageAlias alias) =>
        (await host.Services.GetRequiredService<VariantCatalog>().FindAsync(alias, "identity.png", CancellationToken.None))!.Found.Owner;

    private static async Task<string?> CodeOfAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private async Task<long> CountAsync(string table) => (long)(await ScalarAsync($"SELECT count(*) FROM {table}"))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
