namespace MediaAspire.Core.Buckets;

/// <param name="Outcome">Whether it was deleted, or what stood against it.</param>
/// <param name="Marker">The delete marker that was made, in a bucket that has or had versioning.</param>
public sealed record ObjectDeletion(ObjectWriteOutcome Outcome, ObjectVersion? Marker);
