using MediaAspire.Core.Notifications;

namespace MediaAspire.Api.Admin;

/// <param name="Targets">Those of the settings and those that have events, in the order of their names.</param>
internal sealed record NotificationTargetsResponse(IReadOnlyList<NotificationTargetResponse> Targets);

/// <param name="Name">The target's name.</param>
/// <param name="Arn">The name by which the configuration of a bucket refers to it.</param>
/// <param name="Url">The address that events are posted to; null for a target that is not in the settings any more.</param>
/// <param name="Buckets">The buckets that may use it; empty for all.</param>
/// <param name="Pending">Events that wait.</param>
/// <param name="OldestPendingAt">The time of the oldest event that waits.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="Delivered">Delivered events that can be replayed.</param>
/// <param name="Lost">Dead letters that were removed because they were too old or too many.</param>
/// <param name="DeliveredAt">The time of the last successful round of requests.</param>
/// <param name="FailingSince">The time since which no request succeeded; null when the target works.</param>
/// <param name="Failures">Rounds of requests that failed since then.</param>
/// <param name="RetryAt">The time of the next attempt.</param>
/// <param name="Error">The last failure.</param>
internal sealed record NotificationTargetResponse(
    string Name,
    string Arn,
    string? Url,
    IReadOnlyList<string> Buckets,
    long Pending,
    DateTimeOffset? OldestPendingAt,
    long Dead,
    long Delivered,
    long Lost,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? FailingSince,
    int Failures,
    DateTimeOffset? RetryAt,
    string? Error)
{
    // A query in the address may hold a secret.
    public static NotificationTargetResponse Of(
        NotificationArn arn, NotificationTargetOptions? target, NotificationTargetState state) => new(
        state.Target,
        arn.ToString(),
        target is null ? null : new Uri(target.Url).GetLeftPart(UriPartial.Path),
        [.. target?.Buckets ?? []],
        state.Pending,
        state.OldestPendingAt,
        state.Dead,
        state.Delivered,
        state.Lost,
        state.DeliveredAt,
        state.FailingSince,
        state.Failures,
        state.RetryAt,
        state.Error);
}

/// <param name="Events">The page.</param>
/// <param name="Next">The value of "after" for the next page; null on the last one.</param>
internal sealed record NotificationEventsResponse(IReadOnlyList<NotificationEventResponse> Events, long? Next);

/// <param name="Sequence">Orders the events of a key; replays begin at one.</param>
/// <param name="Sequencer">The same as the message has it.</param>
/// <param name="Event">The name of the event, such as s3:ObjectCreated:Put.</param>
/// <param name="Rule">The id of the bucket's configuration that selected it.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key.</param>
/// <param name="VersionId">The version; null without versioning.</param>
/// <param name="Size">Bytes.</param>
/// <param name="OccurredAt">The time of the change.</param>
/// <param name="At">The next attempt of a pending event; the end of another.</param>
/// <param name="Attempts">Requests that the target refused.</param>
/// <param name="Error">The last refusal.</param>
internal sealed record NotificationEventResponse(
    long Sequence,
    string Sequencer,
    string Event,
    string Rule,
    string Bucket,
    string Key,
    string? VersionId,
    long Size,
    DateTimeOffset OccurredAt,
    DateTimeOffset At,
    int Attempts,
    string? Error)
{
    public static NotificationEventResponse Of(NotificationRecord record) => new(
        record.Event.Sequence,
        record.Event.Sequencer,
        record.Event.Name,
        record.Event.RuleId,
        record.Event.Bucket.Name,
        record.Event.Key,
        record.Event.Version.IsNull ? null : record.Event.Version.Id.ToString(),
        record.Event.Size,
        record.Event.OccurredAt,
        record.At,
        record.Event.Attempts,
        record.Error);
}

/// <param name="From">The first sequence number, at least 0.</param>
/// <param name="To">The last sequence number; null for no end.</param>
/// <param name="Only">dead or delivered; null for both.</param>
internal sealed record NotificationReplayRequest(long? From, long? To, string? Only);

/// <param name="Events">The number of events that are sent again.</param>
internal sealed record NotificationReplayResponse(long Events);
