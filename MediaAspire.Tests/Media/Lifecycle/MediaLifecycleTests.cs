using System.Text;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.MediaLifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Media.Lifecycle;

/// <summary>The duty that looks after uploads and the trash.</summary>
public sealed class MediaLifecycleTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset s_past = TimeProvider.System.GetUtcNow().AddHours(-1);

    private readonly StoredContent _content = new();
    private readonly MediaLifecycleOptions _options = new() { PageSize = 3, BatchSize = 2 };
    private TestMediaStore _media = null!;

    public async Task InitializeAsync()
    {
        _media = await TestMediaStore.OpenAsync(postgres);
        await postgres.ClearAsync("owners", "detected_restores", "media_syncs");
    }

    public async Task DisposeAsync() => await _media.DisposeAsync();

    [Fact]
    public async Task An_upload_that_nobody_has_reported_is_finished_and_its_processing_enqueued()
    {
        var arrived = await AddAsync(Pending("alice"));
        _content.Put(arrived.Parts[0], Encoding.UTF8.GetBytes("content"));
        var missing = await AddAsync(Pending("alice"));

        var counts = await RunAsync();

        Assert.Equal((2, 1, 0), (counts.Examined, counts.Finished, counts.Expired));
        Assert.Equal(MediaStatus.Uploaded, (await FindAsync(arrived))!.Status);
        Assert.Equal(MediaStatus.Pending, (await FindAsync(missing))!.Status);
        var jobs = (await _media.Jobs.Source.TakeAsync([ProcessMedia.Kind.Name], 10, TimeSpan.FromMinutes(1), default)).Jobs;
        Assert.Equal(arrived.Id.Value, ProcessMedia.Kind.Read(Assert.Single(jobs).Payload).MediaId);
    }

    [Fact]
    public async Task A_pending_item_expires_at_its_end_and_its_object_is_scheduled_for_deletion()
    {
        var over = await AddAsync(Pending("alice") with { ExpiresAt = s_past });
        var open = await AddAsync(Pending("alice"));

        var counts = await RunAsync();

        Assert.Equal(1, counts.Expired);
        Assert.Null(await FindAsync(over));
        Assert.NotNull(await FindAsync(open));
        Assert.Equal([over.Parts[0].ObjectKey], await _media.ListDeletionsAsync());
    }

    [Fact]
    public async Task An_item_whose_content_is_hashed_does_not_expire_until_a_day_later()
    {
        var hashed = Pending("alice");
        hashed = hashed with { ExpiresAt = s_past, Parts = [hashed.Parts[0] with { State = MediaPartState.Verifying }] };
        await AddAsync(hashed);

        Assert.Equal(0, (await RunAsync()).Expired);
        await postgres.ExecuteAsync("UPDATE media SET expires_at = now() - interval '25 hours'");
        Assert.Equal(1, (await RunAsync()).Expired);
    }

    [Fact]
    public async Task A_temporary_item_expires_and_a_ready_one_that_is_not_temporary_stays()
    {
        var temporary = await AddAsync(NewMedia.Of("alice", "a") with { IsTemporary = true, ExpiresAt = s_past });
        var later = await AddAsync(
            NewMedia.Of("alice", "b") with { IsTemporary = true, ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) });
        var kept = await AddAsync(NewMedia.Of("alice", "c") with { ExpiresAt = s_past });

        Assert.Equal(1, (await RunAsync()).Expired);
        Assert.Null(await FindAsync(temporary));
        Assert.NotNull(await FindAsync(later));
        Assert.NotNull(await FindAsync(kept));
    }

    [Fact]
    public async Task The_trash_is_emptied_after_its_retention_and_bytes_that_a_clone_holds_stay()
    {
        var old = await AddAsync(NewMedia.Of("alice", "a") with { RemovedAt = TimeProvider.System.GetUtcNow().AddDays(-8) });
        var young = await AddAsync(NewMedia.Of("alice", "b") with { RemovedAt = TimeProvider.System.GetUtcNow().AddDays(-6) });
        var shared = await AddAsync(NewMedia.Of("alice", "c") with { RemovedAt = TimeProvider.System.GetUtcNow().AddDays(-8) });
        await AddAsync(shared with { Id = MediaId.New(TimeProvider.System), RemovedAt = null, Parent = shared.Id });

        Assert.Equal(2, (await RunAsync()).Emptied);
        Assert.Null(await FindAsync(old));
        Assert.NotNull(await FindAsync(young));
        Assert.Equal([old.Parts[0].ObjectKey], await _media.ListDeletionsAsync());
    }

    /// <summary>The origin listed by offset while it removed, and so skipped every second page.</summary>
    [Fact]
    public async Task A_walk_that_removes_items_skips_none()
    {
        for (var i = 0; i < 20; i++)
        {
            await AddAsync(Pending(i % 2 == 0 ? "alice" : "bob") with { ExpiresAt = s_past });
            await AddAsync(NewMedia.Of("alice", "t") with { RemovedAt = DateTimeOffset.UnixEpoch });
            await AddAsync(Pending("alice"));
        }

        var counts = await RunAsync();

        Assert.Equal((40, 20, 20), (counts.Examined, counts.Expired, counts.Emptied));
        Assert.Equal(20, await postgres.ScalarAsync<long>("SELECT count(*) FROM media"));
    }

    [Fact]
    public async Task An_item_that_the_store_fails_for_does_not_keep_the_others_from_being_finished()
    {
        var broken = await AddAsync(Pending("alice"));
        var whole = await AddAsync(Pending("alice"));
        _content.Put(whole.Parts[0], Encoding.UTF8.GetBytes("content"));
        _content.BeforeRead = (key, _) =>
            key == broken.Parts[0].ObjectKey ? throw new ObjectStoreException("Away.", null, null) : Task.CompletedTask;

        var counts = await RunAsync();

        Assert.Equal((2, 1, 1), (counts.Examined, counts.Finished, counts.Faults));
    }

    [Fact]
    public async Task Nothing_is_removed_while_a_restore_of_the_database_is_open()
    {
        await AddAsync(Pending("alice") with { ExpiresAt = s_past });
        await AddAsync(NewMedia.Of("alice", "t") with { RemovedAt = DateTimeOffset.UnixEpoch });
        await postgres.ExecuteAsync(
            "CREATE OR REPLACE FUNCTION restore_is_open() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'");
        try
        {
            Assert.Equal((0, 0), await RunAsync() switch { var counts => (counts.Expired, counts.Emptied) });
        }
        finally
        {
            await postgres.ExecuteAsync(
                "CREATE OR REPLACE FUNCTION restore_is_open() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false'");
        }

        Assert.Equal((1, 1), await RunAsync() switch { var counts => (counts.Expired, counts.Emptied) });
    }

    [Fact]
    public async Task Expiry_and_the_emptied_trash_free_the_owners_quota_exactly()
    {
        var quotas = new QuotaCatalog(postgres.Database, TimeProvider.System);
        var counter = new QuotaCounter(postgres.Database, TimeProvider.System);
        await postgres.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'Alice')");
        await AddAsync(Pending("alice") with { ExpiresAt = s_past });
        var quota = (await quotas.SetAsync(QuotaScope.Of(new OwnerId("alice")), new(Bytes: 1000, Objects: null), default))!.Value;
        await counter.CountAsync(quota, default);
        await AddAsync(NewMedia.Of("alice", "12345") with { RemovedAt = DateTimeOffset.UnixEpoch });
        await AddAsync(NewMedia.Of("alice", "123"));
        Assert.Equal(new QuotaUsage(15, 3), await UsageAsync());

        await RunAsync();

        Assert.Equal(new QuotaUsage(3, 1), await UsageAsync());
        Assert.Equal(default, await counter.AuditAsync(quota, default));

        async Task<QuotaUsage> UsageAsync() => (await quotas.FindAsync(QuotaScope.Of(new OwnerId("alice")), default))!.Usage!.Value;
    }

    [Fact]
    public async Task A_request_finds_the_run_that_it_asked_for_and_no_earlier_one()
    {
        var runs = new SyncRuns(postgres.Database);
        await RunAsync();
        var requestedAt = await runs.RequestAsync(default);
        Assert.Null(await runs.FindAsync(requestedAt, default));
        await AddAsync(Pending("alice") with { ExpiresAt = s_past });
        var interrupted = await runs.BeginAsync(default);

        await RunAsync();

        var run = (await runs.FindAsync(requestedAt, default))!;
        Assert.True(run.Id > interrupted);
        Assert.Equal(1, run.Counts.Expired);
        Assert.True(run.StartedAt >= requestedAt && run.EndedAt >= run.StartedAt);
    }

    [Fact]
    public async Task Old_runs_are_forgotten()
    {
        var runs = new SyncRuns(postgres.Database);
        for (var i = 0; i < 120; i++)
        {
            await runs.EndAsync(await runs.BeginAsync(default), new SyncCounts(), default);
        }

        Assert.InRange(await postgres.ScalarAsync<long>("SELECT count(*) FROM media_syncs"), 100, 101);
    }

    [Theory]
    [InlineData("SyncInterval", "00:00:00")]
    [InlineData("SyncConcurrency", "0")]
    [InlineData("TrashRetention", "-1.00:00:00")]
    [InlineData("RequeueAfter", "00:00:00")]
    [InlineData("PageSize", "0")]
    [InlineData("BatchSize", "0")]
    public void A_setting_out_of_range_is_refused(string name, string value)
    {
        var options = new MediaLifecycleOptions();
        var property = typeof(MediaLifecycleOptions).GetProperty(name)!;
        Assert.True(new MediaLifecycleOptionsValidator().Validate(null, options).Succeeded);

        property.SetValue(options, property.PropertyType == typeof(int)
            ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
            : TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture));

        Assert.True(new MediaLifecycleOptionsValidator().Validate(null, options).Failed);
    }

    /// <summary>Runs the duty once, and returns what it has recorded.</summary>
    private async Task<SyncCounts> RunAsync()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var queries = new MediaLifecycleQueries(postgres.Database);
        var options = Options.Create(new MediaUploadOptions());
        var uploads = new FinalizeMedia(_media.Store, new PartInspector(_content, options), options, TimeProvider.System);
        var runs = new SyncRuns(postgres.Database);
        var duty = new MediaLifecycleDuty(
            new MediaSync(queries, uploads, _media.Jobs.Queue, TimeProvider.System, NullLogger<MediaSync>.Instance),
            new MediaEnds(_media.Store, queries),
            runs,
            ActivatorUtilities.CreateInstance<MediaLifecycleMetrics>(services),
            Options.Create(_options),
            NullLogger<MediaLifecycleDuty>.Instance);
        var requestedAt = await runs.RequestAsync(default);
        var changes = await duty.RunAsync(default);
        var counts = (await runs.FindAsync(requestedAt, default))!.Counts;
        Assert.Equal(changes, counts.Changes);
        return counts;
    }

    private static MediaItem Pending(string owner)
    {
        var item = NewMedia.Of(owner, "content");
        return item with
        {
            Status = MediaStatus.Pending,
            ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
            Parts = [item.Parts[0] with { State = MediaPartState.Pending }],
        };
    }

    private async Task<MediaItem> AddAsync(MediaItem item)
    {
        await _media.Store.ChangeAsync([], _ => new MediaDecision<int>(0) { Created = [item] }, default);
        return item;
    }

    private Task<MediaItem?> FindAsync(MediaItem item) => _media.Store.FindAsync(item.Id, default);
}
