using System.Globalization;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Notifications;

/// <summary>An event of a version, for one target.</summary>
/// <param name="Sequence">Orders the events of a key.</param>
/// <param name="Target">The name of the target.</param>
/// <param name="RuleId">The rule that selected the event.</param>
/// <param name="Name">A name of <see cref="EventNames.All"/>.</param>
/// <param name="Bucket">The bucket as it was.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Version">The version.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Without quotes.</param>
/// <param name="OccurredAt">The time of the change, by the database's clock.</param>
/// <param name="Attempts">The number of requests that the target refused.</param>
public sealed record NotificationEvent(
    long Sequence,
    string Target,
    string RuleId,
    string Name,
    NotifyingBucket Bucket,
    string Key,
    NotifiedVersion Version,
    long Size,
    string ETag,
    DateTimeOffset OccurredAt,
    int Attempts)
{
    /// <summary>Gets the sequence number as a text whose order, too, is that of a key's events.</summary>
    public string Sequencer => Sequence.ToString("X16", CultureInfo.InvariantCulture);
}

/// <summary>A bucket at the time of an event.</summary>
public sealed record NotifyingBucket(BucketId Id, string Name, string OwnerId, string Region);

/// <summary>A version that an event is about.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsNull">A value indicating whether it is called "null", without versioning.</param>
public readonly record struct NotifiedVersion(VersionId Id, bool IsNull);
