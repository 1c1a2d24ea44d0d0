using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Uploads;

/// <summary>Tests with a store that tells no checksums, and whose addresses take any bytes of the signed length.</summary>
public sealed class PartVerifierTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private UploadWorld _world = null!;

    [Fact]
    public async Task A_part_is_stored_under_a_key_that_no_address_exists_for()
    {
        var (item, part) = await UploadAsync("one", "one");
        Assert.Equal(["verify-media"], await _world.JobsAsync());

        Assert.Equal(VerifyOutcome.Verified, await VerifyAsync(item));

        var stored = await _world.FindAsync(item.Id);
        Assert.Equal((MediaStatus.Uploaded, MediaPartState.Stored), (stored.Status, stored.Parts[0].State));
        Assert.NotEqual(part.ObjectKey, stored.Parts[0].ObjectKey);
        Assert.Null(stored.Parts[0].UploadUntil);
        Assert.Equal([part.ObjectKey], await _world.ListDeletionsAsync());
        Assert.Equal(["process-media", "verify-media"], await _world.JobsAsync());

        // The address of the upload still works, and reaches nothing.
        _world.Objects.Upload(part.ObjectKey, UploadWorld.Bytes("eno"));
        Assert.Equal(UploadWorld.Bytes("one"), _world.Objects.ContentOf(stored.Parts[0].ObjectKey));
        Assert.Equal(VerifyOutcome.NotWanted, await VerifyAsync(item));
    }

    [Fact]
    public async Task Bytes_that_are_replaced_after_finalize_are_refused()
    {
        var (item, part) = await UploadAsync("one", "one");
        _world.Objects.Upload(part.ObjectKey, UploadWorld.Bytes("eno"));

        Assert.Equal(VerifyOutcome.Refused, await VerifyAsync(item));

        var refused = await _world.FindAsync(item.Id);
        Assert.Equal((MediaStatus.Pending, MediaPartState.Pending), (refused.Status, refused.Parts[0].State));
        Assert.Equal("checksum-mismatch", refused.Failure!.Code);
        Assert.Equal([part.ObjectKey], await _world.ListDeletionsAsync());
        Assert.Equal([part.ObjectKey], _world.Objects.Keys);
    }

    [Fact]
    public async Task Bytes_that_are_replaced_during_the_copy_fail_the_attempt_and_the_next_one_verifies_them()
    {
        var (item, part) = await UploadAsync("one", "one");
        _world.Objects.Before = (call, key) =>
        {
            if (call == "copy")
            {
                _world.Objects.Before = null;
                _world.Objects.Upload(key, UploadWorld.Bytes("eno"));
            }
        };

        await Assert.ThrowsAsync<ObjectStoreException>(() => VerifyAsync(item));
        Assert.Equal(MediaPartState.Verifying, (await _world.FindAsync(item.Id)).Parts[0].State);
        Assert.Equal([part.ObjectKey], _world.Objects.Keys);

        Assert.Equal(VerifyOutcome.Refused, await VerifyAsync(item));
    }

    [Fact]
    public async Task A_job_that_is_killed_while_it_hashes_is_repeated_and_the_audit_deletes_its_copy()
    {
        var (item, _) = await UploadAsync("one", "one");
        _world.Objects.Before = (call, _) =>
        {
            if (call == "read")
            {
                throw new ObjectStoreException("killed", null, null);
            }
        };
        await Assert.ThrowsAsync<ObjectStoreException>(() => VerifyAsync(item));
        _world.Objects.Before = null;
        Assert.Equal(2, _world.Objects.Keys.Count);

        Assert.Equal(VerifyOutcome.Verified, await VerifyAsync(item));

        Assert.Equal(3, _world.Objects.Keys.Count);
        var findings = await _world.Audit.RunAsync(TimeSpan.FromDays(-1), isDryRun: false, _ => { }, s_none);
        Assert.Equal((1, 0), (findings.Orphans, findings.Missing));
        var stored = (await _world.FindAsync(item.Id)).Parts[0].ObjectKey;
        Assert.Equal(_world.Objects.Keys.Where(key => key != stored), await _world.ListDeletionsAsync());
    }

    [Fact]
    public async Task Two_jobs_at_once_switch_the_part_once()
    {
        var (item, part) = await UploadAsync("one", "one");

        var outcomes = await Task.WhenAll(VerifyAsync(item), VerifyAsync(item), VerifyAsync(item));

        Assert.Single(outcomes, outcome => outcome == VerifyOutcome.Verified);
        var stored = (await _world.FindAsync(item.Id)).Parts[0].ObjectKey;
        Assert.Equal(new[] { part.ObjectKey, stored }.Order(StringComparer.Ordinal), _world.Objects.Keys);
    }

    [Fact]
    public async Task An_object_that_is_gone_makes_the_part_pending_again()
    {
        var (item, part) = await UploadAsync("one", "one");
        _world.Objects.Remove(part.ObjectKey);

        Assert.Equal(VerifyOutcome.Missing, await VerifyAsync(item));

        Assert.Equal(FinishStatus.NotUploaded, (await _world.FinalizeAsync(item.Id)).Status);
    }

    [Fact]
    public async Task A_lost_job_is_enqueued_again_by_finalize()
    {
        var (item, _) = await UploadAsync("one", "one");
        await _world.ExecuteAsync("DELETE FROM jobs");

        Assert.Equal(FinishStatus.Verifying, (await _world.FinalizeAsync(item.Id)).Status);

        Assert.Equal(["verify-media"], await _world.JobsAsync());
    }

    public async Task InitializeAsync()
    {
        _world = await UploadWorld.OpenAsync(postgres);
        _world.Objects.HasChecksums = false;
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private Task<VerifyOutcome> VerifyAsync(MediaItem item) => _world.Verifier.VerifyAsync(item.Id, 1, s_none);

    private async Task<(MediaItem Item, MediaPart Part)> UploadAsync(string declared, string uploaded)
    {
        var item = await _world.CreateAsync(declared);
        _world.Objects.Upload(item.Parts[0].ObjectKey, UploadWorld.Bytes(uploaded));
        var result = await _world.FinalizeAsync(item.Id);
        Assert.Equal((FinishStatus.Verifying, MediaPartState.Verifying), (result.Status, result.Item!.Parts[0].State));
        return (result.Item, item.Parts[0]);
    }
}
