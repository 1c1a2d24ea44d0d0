using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Retention;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Images.Variants;
using MediaAspire.Tests.Media.Uploads;
using MediaAspire.Worker.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Images.Retention;

public sealed class VariantRetentionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly FakeObjectStore _store = new();
    private readonly CountingProcessor _processor = new();

    public Task InitializeAsync() => postgres.ClearAsync("image_blobs", "images", "jobs", "dead_jobs", "media_object_deletions");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Variants_that_nobody_reads_are_removed_with_their_bytes()
    {
        await using var host = await StartAsync(runsJobs: true);
        var alias = await host.AddImageAsync("cat");
        await host.GetOkAsync($"/images/{alias}/process.webp?resize=100");
        await host.GetOkAsync($"/images/{alias}/process.webp?resize=200");
        await ExecuteAsync("UPDATE image_variants SET accessed_at = now() - interval '8 days' WHERE variant = 'resize=100.webp'");

        Assert.Equal(1, await RunAsync(host));

        Assert.Equal(["resize=200.webp"], await VariantsAsync());
        Assert.Equal(1L, await CountAsync("media_object_deletions"));
        Assert.Equal("cat as resize=100.webp", await host.GetOkAsync($"/images/{alias}/process.webp?resize=100"));
    }

    [Fact]
    public async Task Above_the_budget_the_variants_that_were_read_longest_ago_go_first()
    {
        await using var host = await StartAsync(runsJobs: true, ("Images:Variants:MaxBytes", "70"));
        var alias = await host.AddImageAsync("cat");
        for (var size = 101; size <= 106; size++)
        {
            await host.GetOkAsync($"/images/{alias}/process.webp?resize={size}");
            await ExecuteAsync(
                $"UPDATE image_variants SET accessed_at = now() - interval '{size} minutes' WHERE variant = 'resize={size}.webp'");
        }

        // Each has 22 bytes, so three fit.
        Assert.Equal(3, await RunAsync(host));
        Assert.Equal(["resize=101.webp", "resize=102.webp", "resize=103.webp"], await VariantsAsync());
        Assert.Equal(0, await RunAsync(host));
    }

    [Fact]
    public async Task A_sweep_removes_thousands_of_variants_in_pages_and_spawns_no_jobs()
    {
        await using var host = await StartAsync(runsJobs: false);
        await host.AddImageAsync("cat");
        await ExecuteAsync(
            """
            WITH made AS (
                INSERT INTO image_blobs (blob_id, object_key, content_type, size, sha256)
                SELECT gen_random_uuid(), 'images/' || n, 'image/webp', 1, sha256(n::text::bytea) FROM generate_series(1, 3000) AS n
                RETURNING blob_id)
            INSERT INTO image_variants (variant_id, image_id, variant, blob_id, size, details, accessed_at)
            SELECT gen_random_uuid(), (SELECT image_id FROM images), blob_id || '.webp', blob_id, 1, '{}', now() - interval '8 days'
            FROM made
            """);

        Assert.Equal(3000, await RunAsync(host));

        Assert.Empty(await VariantsAsync());
        Assert.Equal(0L, await CountAsync("jobs"));
        Assert.Equal(3000L, await CountAsync("media_object_deletions"));
    }

    [Fact]
    public async Task A_sweep_enqueues_lost_jobs_once_however_often_it_runs()
    {
        await using var host = await StartAsync(runsJobs: false);
        await host.AddImageAsync("cat");
        var work = host.Services.GetRequiredService<VariantWork>();
        var owner = VariantOwner.Of(new ImageId((Guid)(await ScalarAsync("SELECT image_id FROM images"))!));
        for (var size = 1; size <= 150; size++)
        {
            await work.WantAsync(owner, $"resize={size}.webp", isUrgent: false, CancellationToken.None);
        }

        await ExecuteAsync("DELETE FROM jobs");
        await ExecuteAsync("UPDATE image_variant_work SET requested_at = now() - interval '1 hour'");

        // A bounded number in each run, and never two for one variant.
        Assert.Equal(100, await RunAsync(host));
        Assert.Equal(0, await RunAsync(host));
        Assert.Equal(100L, await CountAsync("jobs"));
    }

    [Fact]
    public async Task Remembered_failures_are_removed_when_they_expire()
    {
        await using var host = await StartAsync(runsJobs: false);
        await host.AddImageAsync("cat");
        await ExecuteAsync(
            """
            INSERT INTO image_variant_work (work_id, image_id, variant, is_urgent, failure_code, failure_message, expires_at)
            SELECT gen_random_uuid(), image_id, n || '.webp', true, 'x', 'y', now() + (n || ' hours')::interval - interval '2.5 hours'
            FROM images, generate_series(1, 4) AS n
            """);

        Assert.Equal(2, await RunAsync(host));
        Assert.Equal(2L, await CountAsync("image_variant_work"));
    }

    [Fact]
    public async Task Reads_are_written_in_batches_and_not_one_update_each()
    {
        await using var host = await StartAsync(runsJobs: true);
        var alias = await host.AddImageAsync("cat");
        await ExecuteAsync("UPDATE image_aliases SET accessed_at = now() - interval '1 day'");
        var times = host.Services.GetRequiredService<AccessTimes>();
        for (var size = 1; size <= 3; size++)
        {
            await host.GetOkAsync($"/images/{alias}/process.webp?resize={size}");
        }

        await ExecuteAsync("UPDATE image_variants SET accessed_at = now() - interval '1 day'");
        var before = await VersionsAsync();
        for (var read = 0; read < 10; read++)
        {
            await host.GetOkAsync($"/images/{alias}/process.webp?resize=1");
            await host.GetOkAsync($"/images/{alias}/process.webp?resize=2");
        }

        Assert.Equal(before, await VersionsAsync());
        await times.FlushAsync(CancellationToken.None);
        Assert.Equal(2L, await CountAsync("image_variants WHERE accessed_at > now() - interval '1 minute'"));
        Assert.Equal(1L, await CountAsync("image_aliases WHERE accessed_at > now() - interval '1 minute'"));

        // What was written a moment ago is recent enough.
        var written = await VersionsAsync();
        await host.GetOkAsync($"/images/{alias}/process.webp?resize=1");
        times.Record(alias);
        await times.FlushAsync(CancellationToken.None);
        Assert.Equal(written, await VersionsAsync());
    }

    [Fact]
    public async Task An_alias_that_stays_gets_no_time_of_its_last_read()
    {
        await using var host = await StartAsync(runsJobs: false);
        var alias = await host.AddImageAsync("cat");
        var times = host.Services.GetRequiredService<AccessTimes>();

        times.Record(alias);
        times.Record(new ImageAlias("gone.jpg"));
        await times.FlushAsync(CancellationToken.None);

        Assert.Equal(1L, await CountAsync("image_aliases WHERE accessed_at IS NULL"));
    }

    [Fact]
    public async Task Presets_are_made_ahead_for_a_new_image()
    {
        await using var host = await StartAsync(
            runsJobs: true, ("Images:Variants:Presets:small", "resize=320"), ("Images:Variants:Presets:large", "resize=5000"),
            ("Images:Variants:Eager:0", "small.webp"), ("Images:Variants:Eager:1", "large.avif"));
        var alias = await host.AddImageAsync("cat");
        var details = new ImageDetails { Format = ImageFormat.Jpeg, Width = 4000, Height = 3000 };
        var eager = host.Services.GetRequiredService<EagerVariants>();

        await eager.AskAsync(alias, details, CancellationToken.None);
        await Until.TrueAsync("both are made", async () => await CountAsync("image_variants") == 2);
        await eager.AskAsync(alias, details, CancellationToken.None);

        Assert.Equal(["identity.avif", "resize=320.webp"], await VariantsAsync());
        Assert.Equal(2, _processor.Runs);
    }

    private Task<VariantsHost> StartAsync(bool runsJobs, params (string Key, string Value)[] settings) =>
        VariantsHost.StartAsync(postgres, _store, _processor, runsJobs, settings);

    private static Task<long> RunAsync(VariantsHost host) =>
        host.Services.GetRequiredService<VariantRetentionDuty>().RunAsync(CancellationToken.None);

    private async Task<List<string>> VariantsAsync() => await ListAsync("SELECT variant FROM image_variants ORDER BY variant");

    private Task<List<string>> VersionsAsync() => ListAsync(
        "SELECT xmin::text || ctid::text FROM image_variants UNION ALL SELECT xmin::text || ctid::text FROM image_aliases ORDER BY 1");

    private async Task<List<string>> ListAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

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
