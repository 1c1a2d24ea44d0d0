using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Uploads;

public sealed class UploadFinisherTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private UploadWorld _world = null!;

    [Fact]
    public async Task Each_object_reports_its_item_and_the_last_one_completes_it()
    {
        var item = await _world.CreateAsync("one", "two");
        Upload(item, "one", "two");

        var first = await FinishAsync(item.Parts[1].ObjectKey);
        var again = await FinishAsync(item.Parts[1].ObjectKey);
        var second = await FinishAsync(item.Parts[0].ObjectKey);
        var late = await FinishAsync(item.Parts[0].ObjectKey);

        Assert.Equal((FinishState.Partial, item.Id, 1, 2), (first.State, first.Id, first.StoredParts, first.Parts));
        Assert.Equal(FinishState.Already, again.State);
        Assert.Equal((FinishState.Complete, 2, 2), (second.State, second.StoredParts, second.Parts));
        Assert.Equal(FinishState.Already, late.State);
        Assert.Equal(["process-media"], await _world.JobsAsync());
    }

    [Fact]
    public async Task Two_uploads_at_once_never_report_each_others_progress()
    {
        // In the origin the message "n/m uploaded" was one object that all calls shared.
        var small = await _world.CreateAsync("one", "two");
        var large = await _world.CreateAsync("1", "2", "3", "4", "5", "6", "7");
        Upload(small, "one", "two");
        Upload(large, "1", "2", "3", "4", "5", "6", "7");

        var outcomes = await Task.WhenAll(small.Parts.Concat(large.Parts).Select(part => FinishAsync(part.ObjectKey)));

        Assert.All(outcomes[..2], outcome => Assert.Equal((small.Id, 2), (outcome.Id, outcome.Parts)));
        Assert.All(outcomes[2..], outcome => Assert.Equal((large.Id, 7), (outcome.Id, outcome.Parts)));
        Assert.Equal([1, 2], outcomes[..2].Select(outcome => outcome.StoredParts).Order());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], outcomes[2..].Select(outcome => outcome.StoredParts).Order());
        Assert.Single(outcomes[..2], outcome => outcome.State == FinishState.Complete);
        Assert.Single(outcomes[2..], outcome => outcome.State == FinishState.Complete);
    }

    [Fact]
    public async Task A_client_and_the_store_at_the_same_moment_ask_the_store_once()
    {
        var item = await _world.CreateAsync("one");
        Upload(item, "one");
        var asked = 0;
        _world.Objects.Before = (method, _) => Interlocked.Add(ref asked, method == "head" ? 1 : 0);

        var finalized = Enumerable.Range(0, 8).Select(_ => _world.FinalizeAsync(item.Id)).ToList();
        var reported = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FinishAsync(item.Parts[0].ObjectKey)));

        Assert.All(await Task.WhenAll(finalized), result => Assert.Equal(FinishStatus.Uploaded, result.Status));
        Assert.All(reported, outcome => Assert.True(outcome.State is FinishState.Complete or FinishState.Already));
        Assert.Equal(1, asked);
        Assert.Equal(item.Version + 1, (await _world.FindAsync(item.Id)).Version);
        Assert.Equal(["process-media"], await _world.JobsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("media/")]
    [InlineData("media/../media/x")]
    [InlineData("media/0193\u0000")]
    [InlineData("other/01936f3e9c5a7cc18f1e3a1d8b0c4e55/1-000000000000000000000000")]
    [InlineData("media/01936f3e9c5a7cc18f1e3a1d8b0c4e55/1-000000000000000000000000")]
    public async Task Foreign_keys_are_unknown(string key) => Assert.Equal(FinishState.Unknown, (await FinishAsync(key)).State);

    [Fact]
    public async Task A_key_whose_object_is_not_in_the_store_is_unknown_and_changes_nothing()
    {
        var item = await _world.CreateAsync("one");

        Assert.Equal(FinishState.Unknown, (await FinishAsync(item.Parts[0].ObjectKey)).State);
        Assert.Equal(item.Version, (await _world.FindAsync(item.Id)).Version);
    }

    [Fact]
    public async Task A_wrong_object_is_refused_and_its_key_is_unknown_afterwards()
    {
        var item = await _world.CreateAsync("one");
        Upload(item, "eno");

        var refused = await FinishAsync(item.Parts[0].ObjectKey);

        Assert.Equal((FinishState.Refused, "checksum-mismatch"), (refused.State, refused.Code));
        Assert.Equal(FinishState.Unknown, (await FinishAsync(item.Parts[0].ObjectKey)).State);
    }

    [Fact]
    public void TryParse_KeyThatWasMade_FindsItsItem()
    {
        var id = MediaId.New(TimeProvider.System);

        Assert.True(ObjectKeys.TryParse(ObjectKeys.New(id, 7), out var found));
        Assert.Equal(id, found);
        Assert.NotEqual(ObjectKeys.New(id, 7), ObjectKeys.New(id, 7));
    }

    public async Task InitializeAsync() => _world = await UploadWorld.OpenAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private Task<FinishOutcome> FinishAsync(string key) => _world.Finisher.FinishAsync(key, CancellationToken.None);

    private void Upload(MediaItem item, params string[] contents)
    {
        foreach (var (part, content) in item.Parts.Zip(contents))
        {
            _world.Objects.Upload(part.ObjectKey, UploadWorld.Bytes(content));
        }
    }
}
