using System.Collections.Immutable;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The rule by which uploads of parts finish an item.</summary>
internal static class FinishRule
{
    /// <summary>Decides what findings about an item's parts change.</summary>
    /// <param name="item">The locked item; <see langword="null"/> when it does not exist.</param>
    /// <param name="findings">The findings; those that the item's state has overtaken change nothing.</param>
    /// <param name="now">The database's time.</param>
    /// <param name="temporaryFor">The time that a temporary item has after its upload.</param>
    /// <param name="time">The clock of jobs' ids.</param>
    /// <remarks>
    /// A refused part gets another key, so that the object is deleted only when nothing refers to it: a correct object that came after the
    /// check would otherwise be deleted, even if another request has accepted it.
    /// </remarks>
    public static MediaDecision<FinishResult> Finish(
        MediaItem? item, ImmutableArray<PartFinding> findings, DateTimeOffset now, TimeSpan temporaryFor, TimeProvider time)
    {
        if (CheckOpen(item, now) is { } closed)
        {
            return new(closed);
        }

        var current = findings.Where(finding => IsCurrent(item!, finding)).ToImmutableArray();
        var refused = current.Where(finding => finding.State is FindingState.WrongSize or FindingState.WrongHash).ToImmutableArray();
        var next = Complete(
            item! with
            {
                Parts = [.. item.Parts.Select(part => Next(part, current.FirstOrDefault(each => each.Part.Number == part.Number), now))],
                Failure = refused is [var first, ..]
                    ? new MediaFailure(first.Code, first.Reason, (item.Failure?.Count ?? 0) + 1)
                    : item.Failure,
            },
            now,
            temporaryFor);
        var result = new FinishResult(StatusOf(next, refused), next) { Refused = refused };
        return new(result)
        {
            Changed = current.Any(finding => finding.State != FindingState.Missing) ? [next] : [],
            Jobs = JobsOf(next, time),
        };
    }

    /// <summary>Returns the result for an item whose upload cannot be finished; <see langword="null"/> when it can.</summary>
    public static FinishResult? CheckOpen(MediaItem? item, DateTimeOffset now) => item switch
    {
        null or { RemovedAt: not null } => new FinishResult(FinishStatus.NotFound, null),
        { Status: not MediaStatus.Pending } => new FinishResult(FinishStatus.Uploaded, item),
        { ExpiresAt: { } expiry } when expiry <= now => new FinishResult(FinishStatus.Expired, item),
        _ => null,
    };

    /// <summary>Makes an item uploaded when its last part is verified.</summary>
    public static MediaItem Complete(MediaItem item, DateTimeOffset now, TimeSpan temporaryFor) =>
        item.Parts.All(part => part.State == MediaPartState.Stored)
            ? item with
            {
                Status = MediaStatus.Uploaded,
                UploadedAt = now,
                ExpiresAt = item.IsTemporary ? now + temporaryFor : null,
                Failure = null,
            }
            : item;

    /// <summary>Returns the jobs that an item waits for.</summary>
    public static ImmutableArray<NewJob> JobsOf(MediaItem item, TimeProvider time) => item.Status == MediaStatus.Uploaded
        ? [ProcessMedia.Of(item.Id, time)]
        : [.. item.Parts.Where(part => part.State == MediaPartState.Verifying).Select(part => VerifyMedia.Of(item.Id, part.Number, time))];

    /// <summary>Returns a refused part as it waits for its next upload.</summary>
    public static MediaPart Refuse(MediaPart part, string nextKey, string? nextMultipartId) => part with
    {
        ObjectKey = nextKey,
        MultipartId = nextMultipartId,
        State = MediaPartState.Pending,
        ETag = null,
        UploadUntil = null,
    };

    private static bool IsCurrent(MediaItem item, PartFinding finding) => item.Parts.Any(part =>
        part.Number == finding.Part.Number && part.ObjectKey == finding.Part.ObjectKey && part.State == MediaPartState.Pending);

    private static MediaPart Next(MediaPart part, PartFinding? finding, DateTimeOffset now) => finding?.State switch
    {
        FindingState.Verified => part with
        {
            State = MediaPartState.Stored,
            ETag = finding.ETag,
            StoredAt = now,
            MultipartId = null,
        },
        FindingState.Unverified => part with { State = MediaPartState.Verifying, ETag = finding.ETag },
        FindingState.WrongSize or FindingState.WrongHash => Refuse(part, finding.NextKey!, finding.NextMultipartId),
        _ => part,
    };

    private static FinishStatus StatusOf(MediaItem item, ImmutableArray<PartFinding> refused) =>
        !refused.IsEmpty ? FinishStatus.Refused
        : item.Status == MediaStatus.Uploaded ? FinishStatus.Uploaded
        : item.Parts.Any(part => part.State == MediaPartState.Pending) ? FinishStatus.NotUploaded
        : FinishStatus.Verifying;
}
