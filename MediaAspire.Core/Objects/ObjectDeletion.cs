namespace MediaAspire.Core.Objects;

/// <param name="Outcome">Whether it was deleted, or what stood against it.</param>
/// <param name="Marker">The delete marker that was made, in a bucket that has or had versioning.</param>
/// <param name="Removed">The version that was removed for good, which may be a delete marker.</param>
public sealed record ObjectDeletion(ObjectWriteOutcome Outcome, ObjectVersion? Marker, ObjectVersion? Removed = null);
