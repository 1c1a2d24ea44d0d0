using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Uploads;

public sealed class ObjectAuditTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly TimeSpan s_grace = TimeSpan.FromDays(2);

    private UploadWorld _world = null!;

    [Fact]
    public async Task Both_sides_are_compared_and_repaired()
    {
        var good = await ReadyAsync("good");
        var lost = await ReadyAsync("lost");
        var pending = await _world.CreateAsync("pending");
        _world.Objects.Remove(lost.Parts[0].ObjectKey);
        var orphan = ObjectKeys.New(MediaId.New(TimeProvider.System), 1);
        var young = ObjectKeys.New(MediaId.New(TimeProvider.System), 1);
        _world.Objects.Upload(young, [1]);
        _world.Objects.Now -= s_grace + TimeSpan.FromHours(1);
        _world.Objects.Upload(orphan, [1, 2, 3]);
        _world.Objects.Upload("media/of-an-operator", [1]);
        _world.Objects.Upload("mediaother", [1]);

        var dry = await _world.Audit.RunAsync(s_grace, isDryRun: true, _ => { }, s_none);
        Assert.Empty(await _world.ListDeletionsAsync());
        Assert.Equal(MediaStatus.Ready, (await _world.FindAsync(lost.Id)).Status);

        var real = await _world.Audit.RunAsync(s_grace, isDryRun: false, _ => { }, s_none);
        Assert.Equal((4, 3, 1, 3, 1, 1), Figures(dry));
        Assert.Equal((4, 3, 1, 3, 1, 1), Figures(real));
        Assert.Equal((0, 1), (dry.FailedItems, real.FailedItems));
        Assert.Equal([orphan], real.OrphanKeys);
        Assert.Equal([lost.Parts[0].ObjectKey], real.MissingKeys);
        Assert.Equal([orphan], await _world.ListDeletionsAsync());
        var failed = await _world.FindAsync(lost.Id);
        Assert.Equal((MediaStatus.Failed, "object-missing"), (failed.Status, failed.Failure!.Code));
        Assert.Equal(MediaStatus.Ready, (await _world.FindAsync(good.Id)).Status);
        Assert.Equal(MediaStatus.Pending, (await _world.FindAsync(pending.Id)).Status);

        // The scheduled one is no orphan any more, and what came back is ready again.
        _world.Objects.Upload(lost.Parts[0].ObjectKey, UploadWorld.Bytes("lost"));
        var next = await _world.Audit.RunAsync(s_grace, isDryRun: false, _ => { }, s_none);
        Assert.Equal((0, 0, 1), (next.Orphans, next.Missing, next.RestoredItems));
        Assert.Equal(MediaStatus.Ready, (await _world.FindAsync(lost.Id)).Status);
    }

    [Fact]
    public async Task Objects_of_images_are_audited_in_the_same_way()
    {
        var (kept, lost) = (BlobId.New(TimeProvider.System), BlobId.New(TimeProvider.System));
        var (keptKey, lostKey, orphan, young) = (ImageKeys.New(kept), ImageKeys.New(lost), ImageKeys.New(kept), ImageKeys.New(lost));
        foreach (var (blob, key) in new[] { (kept, keptKey), (lost, lostKey) })
        {
            await _world.ExecuteAsync(
                $"""
                INSERT INTO image_blobs (blob_id, object_key, content_type, size, sha256)
                VALUES ('{blob}', '{key}', 'image/png', 1, decode(repeat('00', 32), 'hex'))
                """);
        }

        _world.Objects.Upload(young, [1]);
        _world.Objects.Now -= s_grace + TimeSpan.FromHours(1);
        _world.Objects.Upload(keptKey, [1]);
        _world.Objects.Upload(orphan, [1, 2]);
        _world.Objects.Upload("images/of-an-operator", [1]);

        var findings = await _world.Audit.RunAsync(s_grace, isDryRun: false, _ => { }, s_none);

        Assert.Equal((4, 2, 1, 2, 1, 1), Figures(findings));
        Assert.Equal([orphan], findings.OrphanKeys);
        Assert.Equal([lostKey], findings.MissingKeys);
        Assert.Equal([orphan], await _world.ListDeletionsAsync());
    }

    [Fact]
    public async Task Pages_of_thousands_are_compared_exactly()
    {
        await _world.ExecuteAsync(
            """
            INSERT INTO media_objects (object_key, content_type, size, sha256, state)
            SELECT format('media/%s/1-%s', lpad(to_hex(i), 32, '0'), lpad(to_hex(i), 24, '0')), 'a/b', 1,
                decode(repeat('00', 32), 'hex'), 'stored'
            FROM generate_series(1, 2500) i
            """);
        await _world.ExecuteAsync(
            """
            INSERT INTO media (media_id, owner, kind, status, name, normal_name, size, part_count)
            VALUES ('01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55', 'a', 'simple', 3, 'a', 'a', 1, 1);
            INSERT INTO media_parts (media_id, part_number, type, object_key)
            SELECT '01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55', row_number() OVER (), 'a', object_key FROM media_objects
            """);
        _world.Objects.Now -= TimeSpan.FromDays(9);
        foreach (var i in Enumerable.Range(1, 3500).Where(i => i % 1000 != 7))
        {
            _world.Objects.Upload($"media/{i:x32}/1-{i:x24}", [1]);
        }

        var findings = await _world.Audit.RunAsync(s_grace, isDryRun: true, _ => { }, s_none);

        Assert.Equal((3496, 2500, 999, 999, 0, 3), Figures(findings));
        Assert.Equal(100, findings.OrphanKeys.Count);
    }

    [Fact]
    public async Task Uploads_in_parts_that_nothing_refers_to_are_aborted()
    {
        _world.Objects.Now -= TimeSpan.FromDays(9);
        var kept = Assert.IsType<CreateResult.Created>(await _world.CreateAsync(UploadWorld.Input("one") with { Multipart = true })).Item;
        var key = ObjectKeys.New(MediaId.New(TimeProvider.System), 1);
        var upload = await _world.Objects.BeginMultipartAsync(key, "a/b", s_none);

        await _world.Audit.RunAsync(s_grace, isDryRun: false, _ => { }, s_none);

        var due = Assert.Single(await _world.Deletions.ListDueAsync(10, s_none));
        Assert.Equal((key, upload), (due.Key, due.MultipartId));
        Assert.Contains(kept.Parts[0].ObjectKey, _world.Objects.Uploads);
    }

    [Fact]
    public async Task Nothing_is_scheduled_while_a_restore_of_the_database_is_open()
    {
        _world.Objects.Now -= TimeSpan.FromDays(9);
        _world.Objects.Upload(ObjectKeys.New(MediaId.New(TimeProvider.System), 1), [1]);
        await _world.ExecuteAsync(
            """
            INSERT INTO detected_restores (server_id, server_name, seen_epoch, seen_count, seen_at, own_epoch, own_count, own_at)
            SELECT gen_random_uuid(), 'storage-1', epoch, 2, now(), epoch, 1, now() FROM cluster
            """);

        await _world.Audit.RunAsync(s_grace, isDryRun: false, _ => { }, s_none);

        Assert.Empty(await _world.ListDeletionsAsync());
        await _world.ExecuteAsync("DELETE FROM detected_restores");
    }

    [Fact]
    public async Task A_bucket_of_another_platform_or_an_empty_one_is_not_audited()
    {
        var mark = new BucketMark(postgres.Database, _world.Objects);
        await _world.ExecuteAsync("DELETE FROM media_audits");
        Assert.Null(await mark.CheckAsync(s_none));
        Assert.Null(await mark.CheckAsync(s_none));

        await _world.ExecuteAsync("INSERT INTO media_audits (audit_id, state, is_dry_run) VALUES (gen_random_uuid(), 'done', false)");
        _world.Objects.Remove(BucketMark.Key);
        Assert.Contains("has lost the object 'media/.cluster'", await mark.CheckAsync(s_none), StringComparison.Ordinal);

        _world.Objects.Upload(BucketMark.Key, UploadWorld.Bytes("01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55\n"));
        Assert.Contains("belongs to cluster '01936f3e", await mark.CheckAsync(s_none), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audits_are_started_when_they_are_asked_for_or_due_and_recorded()
    {
        var ledger = new MediaAuditLedger(postgres.Database, TimeProvider.System);
        await _world.ExecuteAsync("DELETE FROM media_audits");

        var first = await ledger.TryStartAsync(TimeSpan.FromHours(1), isDryRun: false, s_none);
        Assert.Equal("running", first!.State);
        Assert.False(await ledger.TryRequestAsync(isDryRun: true, s_none));

        // A worker that was killed did not end it.
        Assert.Equal(first.Id, (await ledger.TryStartAsync(TimeSpan.FromHours(1), isDryRun: false, s_none))!.Id);
        await ledger.RecordEndAsync(first.Id, new AuditFindings { Objects = 3, OrphanKeys = ["a"], MissingKeys = ["b"] }, null, s_none);
        Assert.Null(await ledger.TryStartAsync(TimeSpan.FromHours(1), isDryRun: false, s_none));
        var ended = await ledger.FindLatestAsync(s_none);
        Assert.Equal(
            ("done", 3L, "a", "b"), (ended!.State, ended.Findings.Objects, ended.Findings.OrphanKeys[0], ended.Findings.MissingKeys[0]));

        Assert.True(await ledger.TryRequestAsync(isDryRun: true, s_none));
        var asked = await ledger.TryStartAsync(TimeSpan.FromHours(1), isDryRun: false, s_none);
        Assert.True(asked!.IsDryRun);
        await ledger.RecordEndAsync(asked.Id, new AuditFindings(), "no answer", s_none);
        Assert.Equal(
            ("failed", "no answer"), ((await ledger.FindLatestAsync(s_none))!.State, (await ledger.FindLatestAsync(s_none))!.Error));
    }

    public async Task InitializeAsync() => _world = await UploadWorld.OpenAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private static (long, long, long, long, long, long) Figures(AuditFindings findings) => (
        findings.Objects, findings.CatalogObjects, findings.Orphans, findings.OrphanBytes, findings.Foreign, findings.Missing);

    private async Task<MediaItem> ReadyAsync(string content)
    {
        var item = await _world.CreateAsync(content);
        _world.Objects.Upload(item.Parts[0].ObjectKey, UploadWorld.Bytes(content));
        Assert.Equal(FinishStatus.Uploaded, (await _world.FinalizeAsync(item.Id)).Status);
        await _world.Store.ChangeAsync(
            [item.Id],
            set => new MediaDecision<bool>(true) { Changed = [set.Find(item.Id)! with { Status = MediaStatus.Ready }] },
            s_none);
        return item;
    }
}
