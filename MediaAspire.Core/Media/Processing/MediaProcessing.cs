using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Processing;

/// <summary>The rules of processing: the ways between <c>uploaded</c>, <c>processing</c>, <c>ready</c> and <c>failed</c>.</summary>
/// <remarks>
/// An item that waits for its next attempt is <c>processing</c> without an attempt. An attempt that is neither ended nor released belongs
/// to a worker that died: it counts as a failure, so that an item that kills its worker ends as <c>failed</c>.
/// </remarks>
public static class MediaProcessing
{
    public const string Interrupted = "processing-interrupted";

    /// <summary>Begins an attempt.</summary>
    /// <param name="set">The locked item.</param>
    /// <param name="id">The item.</param>
    /// <param name="attempt">The id of the attempt.</param>
    /// <param name="job">The job that makes it.</param>
    /// <param name="options">The settings.</param>
    public static MediaDecision<BeginOutcome> Begin(MediaSet set, MediaId id, Guid attempt, JobId job, MediaProcessingOptions options)
    {
        if (set.Find(id) is not { RemovedAt: null } item)
        {
            return new(BeginOutcome.Gone);
        }

        if (item.Status is not (MediaStatus.Uploaded or MediaStatus.Processing))
        {
            return new(item.Status == MediaStatus.Pending ? BeginOutcome.NotUploaded : BeginOutcome.Ended);
        }

        if (item.Attempt is { } running && running.Job != job && running.Until > set.Now)
        {
            return new(BeginOutcome.Busy);
        }

        var failure = item.Attempt is null
            ? item.Failure
            : CountFailure(item, Interrupted, "The worker that made the last attempt ended in the middle of it.");
        if (item.Attempt is not null && failure!.Count >= options.MaxTries)
        {
            return new(BeginOutcome.Exhausted)
            {
                Changed = [item with { Status = MediaStatus.Failed, Failure = failure, Attempt = null }],
            };
        }

        return new(BeginOutcome.Begun)
        {
            Changed =
            [
                item with
                {
                    Status = MediaStatus.Processing,
                    Failure = failure,
                    Attempt = new(attempt, job, set.Now + options.ProcessTimeout),
                },
            ],
        };
    }

    /// <summary>Ends an attempt that was cancelled, without counting it.</summary>
    /// <returns><see langword="false"/> when another attempt has taken its place.</returns>
    public static MediaDecision<bool> Release(MediaSet set, MediaId id, Guid attempt) =>
        Find(set, id, attempt) is { } item ? new(true) { Changed = [item with { Attempt = null }] } : new(false);

    /// <summary>Ends an attempt with success.</summary>
    /// <param name="set">The locked item.</param>
    /// <param name="id">The item.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="findings">What was found in the content.</param>
    /// <param name="withAlias">A value indicating whether the deferred update may set the alias.</param>
    /// <returns><see langword="false"/> when another attempt has taken its place.</returns>
    public static MediaDecision<bool> Succeed(
        MediaSet set, MediaId id, Guid attempt, MediaFindings findings, bool withAlias)
    {
        if (Find(set, id, attempt) is not { } item)
        {
            return new(false);
        }

        var ready = item with
        {
            Status = MediaStatus.Ready,
            ReadyAt = set.Now,
            Failure = null,
            Attempt = null,
            Details = findings.Details,
            Width = findings.Dimensions?.Width ?? item.Width,
            Height = findings.Dimensions?.Height ?? item.Height,

            // The upload's end stays: an address that still works could put the object back after the item's removal.
            Parts = [.. item.Parts.Select(part => part with { MultipartId = null })],
        };
        return new(true) { Changed = [ApplyDeferred(ready, withAlias)] };
    }

    /// <summary>Ends an attempt with a failure: the item waits for its next attempt, or is <c>failed</c>.</summary>
    /// <param name="set">The locked item.</param>
    /// <param name="id">The item.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="fault">The failure.</param>
    /// <param name="options">The settings.</param>
    /// <param name="time">Dates the id of the next job.</param>
    public static MediaDecision<FailOutcome> Fail(
        MediaSet set, MediaId id, Guid attempt, ProcessingFault fault, MediaProcessingOptions options, TimeProvider time)
    {
        if (Find(set, id, attempt) is not { } item)
        {
            return new(FailOutcome.Lost);
        }

        var failure = CountFailure(item, fault.Code, fault.Message);
        var failed = item with { Failure = failure, Attempt = null, Details = fault.Details ?? item.Details };
        return fault.IsFinal || failure.Count >= options.MaxTries
            ? new(FailOutcome.Failed) { Changed = [failed with { Status = MediaStatus.Failed }] }
            : new(FailOutcome.Waits)
            {
                Changed = [failed],
                Jobs = [ProcessMedia.Of(id, time) with { Delay = DelayAfter(id, failure.Count, options) }],
            };
    }

    /// <summary>Asks for the processing of an item by hand.</summary>
    /// <param name="set">The locked item.</param>
    /// <param name="id">The item.</param>
    /// <param name="owner">The owner that the sender acts for; <see langword="null"/> for a sender that acts for all.</param>
    /// <param name="isForced">
    /// A value indicating whether an item is processed that is <c>ready</c>, has used its attempts up or waits for its next one.
    /// </param>
    /// <param name="options">The settings.</param>
    /// <param name="time">Dates the job's id.</param>
    public static MediaDecision<ProcessRequest> Request(
        MediaSet set, MediaId id, MediaOwner? owner, bool isForced, MediaProcessingOptions options, TimeProvider time)
    {
        if (set.Find(id) is not { RemovedAt: null } item)
        {
            return new(ProcessRequest.NotFound);
        }

        if (owner is { } acting && acting != item.Owner)
        {
            return new(ProcessRequest.Foreign);
        }

        var isRunning = item.Attempt is { } attempt && attempt.Until > set.Now;
        return item.Status switch
        {
            MediaStatus.Pending => new(ProcessRequest.NotUploaded),
            MediaStatus.Processing when isRunning || !isForced => new(ProcessRequest.Running),
            MediaStatus.Ready when !isForced => new(ProcessRequest.Ready),
            MediaStatus.Failed when !isForced && item.Failure?.Count >= options.MaxTries => new(ProcessRequest.Exhausted),
            MediaStatus.Uploaded => new(ProcessRequest.Accepted) { Jobs = [ProcessMedia.Of(id, time)] },
            _ => new(ProcessRequest.Accepted)
            {
                Changed =
                [
                    item with { Status = MediaStatus.Processing, Failure = isForced ? null : item.Failure, Attempt = null },
                ],

                // Without a key: the job of the next attempt holds it, and is not due yet.
                Jobs = [ProcessMedia.Of(id, time) with { UniqueKey = null }],
            },
        };
    }

    /// <summary>Gets the pause before the next attempt: half to all of a limit that doubles each time.</summary>
    /// <remarks>It depends on the item, so that items that failed together are not tried together.</remarks>
    public static TimeSpan DelayAfter(MediaId id, int failures, MediaProcessingOptions options)
    {
        var limit = Math.Min(options.RetryDelay.Ticks * Math.Pow(2, Math.Min(failures - 1, 30)), options.MaxRetryDelay.Ticks);
        var share = id.Value.ToByteArray()[^1] / 255.0;
        return TimeSpan.FromTicks((long)(limit / 2 * (1 + share)));
    }

    // References would have to be checked against the items that they name, as they are now.
    private static MediaItem ApplyDeferred(MediaItem item, bool withAlias) =>
        item.Deferred is { } text && MediaFields.TryParse(DeferredUpdate.Parse(text), out var change, out _)
            ? MediaUpdate.Apply(
                item with { Deferred = null }, change with { References = null, Alias = withAlias ? change.Alias : null })
            : item with { Deferred = null };

    private static MediaItem? Find(MediaSet set, MediaId id, Guid attempt) =>
        set.Find(id) is { Status: MediaStatus.Processing } item && item.Attempt?.Id == attempt ? item : null;

    private static MediaFailure CountFailure(MediaItem item, string code, string message) =>
        new(code, message, (item.Failure?.Count ?? 0) + 1);
}

/// <summary>The outcomes of beginning an attempt.</summary>
public enum BeginOutcome
{
    Begun,

    /// <summary>The item does not exist, or is in the trash.</summary>
    Gone,

    NotUploaded,

    /// <summary>The item is <c>ready</c> or <c>failed</c>.</summary>
    Ended,

    /// <summary>Another job makes an attempt.</summary>
    Busy,

    /// <summary>The workers of all attempts died; the item is <c>failed</c>.</summary>
    Exhausted,
}

/// <summary>The outcomes of a failed attempt.</summary>
public enum FailOutcome
{
    /// <summary>Another attempt has taken its place; nothing changed.</summary>
    Lost,

    /// <summary>The item waits for its next attempt.</summary>
    Waits,

    Failed,
}

/// <summary>The outcomes of asking for the processing of an item.</summary>
public enum ProcessRequest
{
    Accepted,

    /// <summary>The item is <c>ready</c>, and nothing is done.</summary>
    Ready,

    NotFound,
    Foreign,
    NotUploaded,

    /// <summary>An attempt runs, or is to come.</summary>
    Running,

    /// <summary>The item has used its attempts up.</summary>
    Exhausted,
}
