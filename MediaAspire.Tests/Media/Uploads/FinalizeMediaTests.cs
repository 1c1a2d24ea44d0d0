using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Uploads;

public sealed class FinalizeMediaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    private UploadWorld _world = null!;

    [Fact]
    public async Task The_last_part_makes_the_item_uploaded_and_starts_processing_once()
    {
        var item = await _world.CreateAsync("one", "two");
        Assert.Equal(MediaStatus.Pending, item.Status);
        Assert.All(item.Parts, part => Assert.Equal(MediaPartState.Pending, part.State));

        _world.Objects.Upload(item.Parts[0].ObjectKey, UploadWorld.Bytes("one"));
        var first = await _world.FinalizeAsync(item.Id);
        Assert.Equal(FinishStatus.NotUploaded, first.Status);
        Assert.Equal([2], first.Missing.ToArray());
        Assert.Equal(MediaPartState.Stored, first.Item!.Parts[0].State);

        _world.Objects.Upload(item.Parts[1].ObjectKey, UploadWorld.Bytes("two"));
        var second = await _world.FinalizeAsync(item.Id);
        var third = await _world.FinalizeAsync(item.Id);

        Assert.Equal((FinishStatus.Uploaded, FinishStatus.Uploaded), (second.Status, third.Status));
        Assert.Equal(MediaStatus.Uploaded, third.Item!.Status);
        Assert.NotNull(third.Item.UploadedAt);
        Assert.Null(third.Item.ExpiresAt);
        Assert.Equal(second.Item!.Version, third.Item.Version);
        Assert.Equal(["process-media"], await _world.JobsAsync());
    }

    [Fact]
    public async Task FinalizeAsync_NothingUploaded_NamesThePartsAndChangesNothing()
    {
        var item = await _world.CreateAsync("one", "two");

        var result = await _world.FinalizeAsync(item.Id);

        Assert.Equal(FinishStatus.NotUploaded, result.Status);
        Assert.Equal([1, 2], result.Missing.ToArray());
        Assert.Equal(item.Version, (await _world.FindAsync(item.Id)).Version);
        Assert.Equal(FinishStatus.NotFound, (await _world.FinalizeAsync(MediaId.New(TimeProvider.System))).Status);
    }

    [Theory]
    [InlineData("onetwo", "size-mismatch")]
    [InlineData("eno", "checksum-mismatch")]
    public async Task Wrong_bytes_are_refused_and_removed_and_the_item_waits_for_others(string wrong, string code)
    {
        var item = await _world.CreateAsync("one");
        _world.Objects.Upload(item.Parts[0].ObjectKey, UploadWorld.Bytes(wrong));

        var result = await _world.FinalizeAsync(item.Id);

        Assert.Equal(FinishStatus.Refused, result.Status);
        Assert.Equal(code, Assert.Single(result.Refused).Code);
        Assert.Equal([item.Parts[0].ObjectKey], await _world.ListDeletionsAsync());
        var waiting = await _world.FindAsync(item.Id);
        Assert.Equal((MediaStatus.Pending, MediaPartState.Pending), (waiting.Status, waiting.Parts[0].State));
        Assert.Equal((code, 1), (waiting.Failure!.Code, waiting.Failure.Count));

        var renewed = await _world.Renew.RenewAsync(item.Id, sender: null, lifetime: null, s_none);
        _world.Objects.Upload(Assert.Single(renewed.Uploads).Part.ObjectKey, UploadWorld.Bytes("one"));
        var corrected = await _world.FinalizeAsync(item.Id);
        Assert.Equal(MediaStatus.Uploaded, corrected.Item!.Status);
        Assert.Null(corrected.Item.Failure);
    }

    [Fact]
    public async Task A_correct_object_that_comes_after_the_check_of_a_wrong_one_is_not_deleted()
    {
        var item = await _world.CreateAsync("one");
        _world.Objects.Upload(item.Parts[0].ObjectKey, UploadWorld.Bytes("eno"));
        var isFirst = true;
        _world.Objects.Before = (call, key) =>
        {
            // The first request has seen the wrong bytes; the client corrects them, and another process accepts them.
            if (call == "head" && isFirst)
            {
                isFirst = false;
                _world.Objects.Upload(key, UploadWorld.Bytes("one"));
                var accepted = _world.FinalizeElsewhere.FinalizeAsync(item.Id, sender: null, CancellationToken.None);
                Assert.Equal(FinishStatus.Uploaded, accepted.GetAwaiter().GetResult().Status);
                _world.Objects.Upload(key, UploadWorld.Bytes("eno"));
            }
        };

        var late = await _world.FinalizeAsync(item.Id);

        Assert.Equal(FinishStatus.Uploaded, late.Status);
        Assert.Equal(item.Parts[0].ObjectKey, late.Item!.Parts[0].ObjectKey);
        Assert.Empty(await _world.ListDeletionsAsync());
    }

    [Fact]
    public async Task Ten_requests_at_once_finish_an_item_once()
    {
        var item = await _world.CreateAsync("one", "two", "three");
        foreach (var (part, text) in item.Parts.Zip(["one", "two", "three"]))
        {
            _world.Objects.Upload(part.ObjectKey, UploadWorld.Bytes(text));
        }

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _world.FinalizeAsync(item.Id)));

        Assert.All(results, result => Assert.Equal(MediaStatus.Uploaded, result.Item!.Status));
        Assert.Equal(item.Version + 1, (await _world.FindAsync(item.Id)).Version);
        Assert.Equal(["process-media"], await _world.JobsAsync());
    }

    [Fact]
    public async Task An_item_that_waited_too_long_is_neither_finished_nor_renewed()
    {
        var item = await _world.CreateAsync("one");
        _world.Objects.Upload(item.Parts[0].ObjectKey, UploadWorld.Bytes("one"));
        await _world.ExecuteAsync("UPDATE media SET expires_at = now() - interval '1 second'");

        Assert.Equal(FinishStatus.Expired, (await _world.FinalizeAsync(item.Id)).Status);
        Assert.Equal(FinishStatus.Expired, (await _world.Renew.RenewAsync(item.Id, null, null, s_none)).State.Status);
        Assert.Equal(
            (FinishState.Refused, "upload-expired"),
            (await _world.Finisher.FinishAsync(item.Parts[0].ObjectKey, s_none)) is var outcome ? (outcome.State, outcome.Code) : default);
        Assert.Equal(MediaStatus.Pending, (await _world.FindAsync(item.Id)).Status);
    }

    [Fact]
    public async Task A_sender_finishes_and_renews_items_of_its_owner_only()
    {
        var item = await _world.CreateAsync("one");

        Assert.Equal(FinishStatus.OtherOwner, (await _world.Finalize.FinalizeAsync(item.Id, new MediaOwner("bob"), s_none)).Status);
        Assert.Equal(FinishStatus.OtherOwner, (await _world.Renew.RenewAsync(item.Id, new MediaOwner("bob"), null, s_none)).State.Status);
        Assert.Equal(FinishStatus.NotUploaded, (await _world.Finalize.FinalizeAsync(item.Id, new MediaOwner("alice"), s_none)).Status);
    }

    [Fact]
    public async Task A_temporary_item_expires_after_its_upload()
    {
        var created = Assert.IsType<CreateResult.Created>(await _world.CreateAsync(UploadWorld.Input("one") with { Temporary = true }));
        _world.Objects.Upload(created.Item.Parts[0].ObjectKey, UploadWorld.Bytes("one"));

        var item = (await _world.FinalizeAsync(created.Item.Id)).Item!;

        Assert.Equal(item.UploadedAt + TimeSpan.FromHours(24), item.ExpiresAt);
    }

    [Fact]
    public async Task An_upload_in_parts_is_completed_and_then_hashed()
    {
        var created = Assert.IsType<CreateResult.Created>(await _world.CreateAsync(UploadWorld.Input("onetwo") with { Multipart = true }));
        var part = created.Item.Parts[0];
        Assert.Equal(5 << 20, Assert.Single(created.Uploads).PartSize);
        _world.Objects.UploadPart(part.ObjectKey, part.MultipartId!, 1, UploadWorld.Bytes("one"));
        Assert.Equal(FinishStatus.NotUploaded, (await _world.FinalizeAsync(created.Item.Id)).Status);
        _world.Objects.UploadPart(part.ObjectKey, part.MultipartId!, 2, UploadWorld.Bytes("two"));

        var result = await _world.FinalizeAsync(created.Item.Id);
        Assert.Equal((FinishStatus.Verifying, MediaPartState.Verifying), (result.Status, result.Item!.Parts[0].State));
        Assert.Equal(["verify-media"], await _world.JobsAsync());

        Assert.Equal(VerifyOutcome.Verified, await _world.Verifier.VerifyAsync(created.Item.Id, 1, s_none));
        var item = await _world.FindAsync(created.Item.Id);
        Assert.Equal((MediaStatus.Uploaded, part.ObjectKey), (item.Status, item.Parts[0].ObjectKey));
        Assert.Empty(_world.Objects.Uploads);
    }

    [Fact]
    public async Task Too_many_bytes_in_parts_are_refused_and_their_upload_is_aborted()
    {
        var created = Assert.IsType<CreateResult.Created>(await _world.CreateAsync(UploadWorld.Input("one") with { Multipart = true }));
        var part = created.Item.Parts[0];
        _world.Objects.UploadPart(part.ObjectKey, part.MultipartId!, 1, UploadWorld.Bytes("onetwo"));

        var result = await _world.FinalizeAsync(created.Item.Id);

        Assert.Equal("size-mismatch", Assert.Single(result.Refused).Code);
        var due = Assert.Single(await _world.Deletions.ListDueAsync(10, s_none));
        Assert.Equal((part.ObjectKey, part.MultipartId), (due.Key, due.MultipartId));
        Assert.NotEqual(part.MultipartId, result.Item!.Parts[0].MultipartId);
        Assert.Contains(result.Item.Parts[0].ObjectKey, _world.Objects.Uploads);
    }

    [Fact]
    public async Task A_failing_store_changes_nothing()
    {
        var item = await _world.CreateAsync("one");
        _world.Objects.Before = (_, _) => throw new ObjectStoreException("no answer", null, null);

        await Assert.ThrowsAsync<ObjectStoreException>(() => _world.FinalizeAsync(item.Id));

        Assert.Equal(item.Version, (await _world.FindAsync(item.Id)).Version);
    }

    public async Task InitializeAsync() => _world = await UploadWorld.OpenAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();
}
