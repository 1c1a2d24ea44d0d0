using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Processing;

namespace MediaAspire.Tests.Media.Processing;

/// <summary>The rules of processing, without a database.</summary>
public sealed class MediaProcessingTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly JobId s_job = new(Guid.CreateVersion7());
    private static readonly Guid s_attempt = Guid.CreateVersion7();

    private readonly MediaProcessingOptions _options = new() { MaxTries = 3 };

    [Theory]
    [InlineData(MediaStatus.Pending, BeginOutcome.NotUploaded)]
    [InlineData(MediaStatus.Uploaded, BeginOutcome.Begun)]
    [InlineData(MediaStatus.Processing, BeginOutcome.Begun)]
    [InlineData(MediaStatus.Ready, BeginOutcome.Ended)]
    [InlineData(MediaStatus.Failed, BeginOutcome.Ended)]
    public void Begin_DependsOnTheStatus(MediaStatus status, BeginOutcome expected)
    {
        var decision = Begin(ItemOf(status));

        Assert.Equal(expected, decision.Outcome);
        var hasBegun = decision.Changed is [{ Status: MediaStatus.Processing, Attempt.Id: var id }] && id == s_attempt;
        Assert.Equal(expected == BeginOutcome.Begun, hasBegun);
    }

    [Fact]
    public void Begin_OfARemovedOrMissingItem_ChangesNothing()
    {
        var item = ItemOf(MediaStatus.Uploaded) with { RemovedAt = s_now };

        Assert.Equal(BeginOutcome.Gone, Begin(item).Outcome);
        var missing = MediaProcessing.Begin(SetOf(item), MediaId.New(TimeProvider.System), s_attempt, s_job, _options);
        Assert.Equal(BeginOutcome.Gone, missing.Outcome);
    }

    [Fact]
    public void Begin_WhileAnotherJobMakesAnAttempt_IsBusyUntilItsEnd()
    {
        var other = new MediaAttempt(Guid.CreateVersion7(), new JobId(Guid.CreateVersion7()), s_now.AddTicks(1));
        var item = ItemOf(MediaStatus.Processing) with { Attempt = other };

        Assert.Equal(BeginOutcome.Busy, Begin(item).Outcome);
        var after = Begin(item with { Attempt = other with { Until = s_now } });
        Assert.Equal((BeginOutcome.Begun, 1), (after.Outcome, after.Changed[0].Failure?.Count));
        Assert.Equal(MediaProcessing.Interrupted, after.Changed[0].Failure?.Code);
    }

    [Fact]
    public void An_item_that_kills_its_worker_each_time_ends_as_failed()
    {
        var item = ItemOf(MediaStatus.Uploaded);
        var begun = 0;
        MediaDecision<BeginOutcome> decision;
        while ((decision = Begin(item)).Outcome == BeginOutcome.Begun)
        {
            item = decision.Changed[0];
            begun++;
        }

        Assert.Equal((BeginOutcome.Exhausted, 3), (decision.Outcome, begun));
        Assert.Equal((MediaStatus.Failed, 3, (MediaAttempt?)null), (
            decision.Changed[0].Status, decision.Changed[0].Failure!.Count, decision.Changed[0].Attempt));
    }

    [Fact]
    public void Fail_CountsUpToTheMaximum_AndEnqueuesTheNextAttemptWithADelay()
    {
        var item = Begun(ItemOf(MediaStatus.Uploaded));
        for (var count = 1; count < 3; count++)
        {
            var waits = Fail(item, new("store", "Away."));
            Assert.Equal(FailOutcome.Waits, waits.Outcome);
            var delay = Assert.Single(waits.Jobs).Delay;
            Assert.InRange(delay, _options.RetryDelay / 2 * Math.Pow(2, count - 1), _options.RetryDelay * Math.Pow(2, count - 1));
            Assert.Equal((MediaStatus.Processing, count), (waits.Changed[0].Status, waits.Changed[0].Failure!.Count));
            item = Begun(waits.Changed[0]);
        }

        var failed = Fail(item, new("store", "Away."));
        Assert.Equal((FailOutcome.Failed, 0), (failed.Outcome, failed.Jobs.Length));
        Assert.Equal((MediaStatus.Failed, new MediaFailure("store", "Away.", 3)), (failed.Changed[0].Status, failed.Changed[0].Failure));
    }

    [Fact]
    public void Fail_FinalFault_FailsAtOnceAndKeepsTheDetails()
    {
        var failed = Fail(Begun(ItemOf(MediaStatus.Uploaded)), new("type-mismatch", "A page.", IsFinal: true) { Details = "{\"a\":1}" });

        Assert.Equal((FailOutcome.Failed, MediaStatus.Failed, "{\"a\":1}", 1), (
            failed.Outcome, failed.Changed[0].Status, failed.Changed[0].Details, failed.Changed[0].Failure!.Count));
    }

    [Fact]
    public void An_attempt_whose_place_was_taken_changes_nothing()
    {
        var item = ItemOf(MediaStatus.Processing) with { Attempt = new(Guid.CreateVersion7(), s_job, s_now.AddHours(1)) };

        foreach (var current in new[] { item, ItemOf(MediaStatus.Ready), ItemOf(MediaStatus.Processing) })
        {
            var success = MediaProcessing.Succeed(SetOf(current), current.Id, s_attempt, new("{}"), withAlias: true);
            var failure = Fail(current, new("a", "b"));
            var release = MediaProcessing.Release(SetOf(current), current.Id, s_attempt);
            Assert.Equal((false, 0), (success.Outcome, success.Changed.Length));
            Assert.Equal((FailOutcome.Lost, 0, 0), (failure.Outcome, failure.Changed.Length, failure.Jobs.Length));
            Assert.Equal((false, 0), (release.Outcome, release.Changed.Length));
        }
    }

    [Fact]
    public void Success_clears_the_error_and_drops_the_uploads_and_applies_the_deferred_update()
    {
        var until = s_now.AddMinutes(10);
        var item = Begun(ItemOf(MediaStatus.Uploaded) with
        {
            Failure = new("store", "Away.", 2),
            Deferred = DeferredUpdate.Format(new() { Name = "After", Alias = "after", Tags = ["Done"] }),
        });
        item = item with { Parts = [item.Parts[0] with { MultipartId = "m", UploadUntil = until }] };

        var ready = MediaProcessing.Succeed(
            SetOf(item), item.Id, s_attempt, new("{\"parts\":[]}") { Dimensions = (640, 480) }, withAlias: true).Changed[0];

        Assert.Equal((MediaStatus.Ready, s_now, null, null), (ready.Status, ready.ReadyAt, ready.Failure, ready.Attempt));
        Assert.Equal(("After", "after", null), (ready.Name, ready.Alias?.Value, ready.Deferred));
        Assert.Equal(["done"], ready.Tags.AsEnumerable());
        Assert.Equal((640, 480, "{\"parts\":[]}"), (ready.Width, ready.Height, ready.Details));

        // An address that still works may put the object back, so its end is remembered.
        Assert.Equal((null, until), (ready.Parts[0].MultipartId, ready.Parts[0].UploadUntil));
    }

    [Fact]
    public void A_deferred_alias_that_is_taken_is_left_out()
    {
        var item = Begun(ItemOf(MediaStatus.Uploaded) with
        {
            Alias = new("mine"),
            Deferred = DeferredUpdate.Format(new() { Name = "After", Alias = "taken" }),
        });

        var ready = MediaProcessing.Succeed(SetOf(item), item.Id, s_attempt, new("{}"), withAlias: false).Changed[0];

        Assert.Equal(("After", "mine"), (ready.Name, ready.Alias?.Value));
    }

    [Theory]
    [InlineData(MediaStatus.Pending, 0, false, ProcessRequest.NotUploaded)]
    [InlineData(MediaStatus.Pending, 0, true, ProcessRequest.NotUploaded)]
    [InlineData(MediaStatus.Uploaded, 0, false, ProcessRequest.Accepted)]
    [InlineData(MediaStatus.Processing, 1, false, ProcessRequest.Running)]
    [InlineData(MediaStatus.Processing, 1, true, ProcessRequest.Accepted)]
    [InlineData(MediaStatus.Ready, 0, false, ProcessRequest.Ready)]
    [InlineData(MediaStatus.Ready, 0, true, ProcessRequest.Accepted)]
    [InlineData(MediaStatus.Failed, 1, false, ProcessRequest.Accepted)]
    [InlineData(MediaStatus.Failed, 3, false, ProcessRequest.Exhausted)]
    [InlineData(MediaStatus.Failed, 3, true, ProcessRequest.Accepted)]
    public void Request_DependsOnTheStatusAndTheFailures(MediaStatus status, int failures, bool isForced, ProcessRequest expected)
    {
        var item = ItemOf(status) with { Failure = failures == 0 ? null : new("a", "b", failures) };

        var decision = Request(item, isForced: isForced);

        Assert.Equal((expected, expected == ProcessRequest.Accepted ? 1 : 0), (decision.Outcome, decision.Jobs.Length));
        Assert.All(decision.Changed, changed => Assert.Equal(
            (MediaStatus.Processing, isForced ? null : failures), (changed.Status, (int?)changed.Failure?.Count)));
    }

    [Fact]
    public void Request_WhileAnAttemptRuns_IsRefusedEvenWhenForced()
    {
        var item = Begun(ItemOf(MediaStatus.Uploaded));

        Assert.Equal(ProcessRequest.Running, Request(item, isForced: true).Outcome);
        Assert.Equal(ProcessRequest.Running, Request(item).Outcome);
    }

    [Fact]
    public void Request_OfAnotherOwner_IsRefused()
    {
        var item = ItemOf(MediaStatus.Uploaded);

        Assert.Equal(ProcessRequest.Foreign, Request(item, new MediaOwner("bob")).Outcome);
        Assert.Equal(ProcessRequest.Accepted, Request(item, new MediaOwner("alice")).Outcome);
        Assert.Equal(ProcessRequest.NotFound, Request(item with { RemovedAt = s_now }).Outcome);
    }

    [Fact]
    public void DelayAfter_ManyFailures_StaysBelowTheMaximum()
    {
        var delay = MediaProcessing.DelayAfter(MediaId.New(TimeProvider.System), 100, _options);

        Assert.InRange(delay, _options.MaxRetryDelay / 2, _options.MaxRetryDelay);
    }

    private MediaItem Begun(MediaItem item) => Begin(item).Changed[0];

    private MediaDecision<BeginOutcome> Begin(MediaItem item) =>
        MediaProcessing.Begin(SetOf(item), item.Id, s_attempt, s_job, _options);

    private MediaDecision<FailOutcome> Fail(MediaItem item, ProcessingFault fault) =>
        MediaProcessing.Fail(SetOf(item), item.Id, s_attempt, fault, _options, TimeProvider.System);

    private MediaDecision<ProcessRequest> Request(MediaItem item, MediaOwner? owner = null, bool isForced = false) =>
        MediaProcessing.Request(SetOf(item), item.Id, owner, isForced, _options, TimeProvider.System);

    private static MediaItem ItemOf(MediaStatus status) => NewMedia.Of("alice", "a") with { Status = status };

    private static MediaSet SetOf(MediaItem item) => new(new Dictionary<MediaId, MediaItem> { [item.Id] = item }, s_now);
}
