using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.Admin;

/// <param name="OwnerId">
/// Whose the bucket is: a key of this owner may lift holds and bypass governance mode, unless the bucket's policy denies it.
/// </param>
/// <param name="Versions">In the order of their ids.</param>
/// <param name="Next">The next page's <c>after</c>; null on the last one.</param>
internal sealed record LockedVersionsResponse(string OwnerId, IReadOnlyList<LockedVersionResponse> Versions, string? Next);

/// <param name="Key">The object's key.</param>
/// <param name="VersionId">The version, as S3 names it.</param>
/// <param name="IsLatest">A value indicating whether it is the newest of its key.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Mode">GOVERNANCE or COMPLIANCE; null without retention.</param>
/// <param name="RetainUntil">The end of its retention; null without retention, in the past when only a hold is left.</param>
/// <param name="LegalHold">A value indicating whether it is under legal hold, which lasts until it is lifted.</param>
internal sealed record LockedVersionResponse(
    string Key, string VersionId, bool IsLatest, long Size, string? Mode, DateTimeOffset? RetainUntil, bool LegalHold)
{
    public static LockedVersionResponse Of(LockedVersion version) => new(
        version.Key,
        version.IsNull ? ObjectVersion.NullVersion : version.Id.ToString(),
        version.IsLatest,
        version.Size,
        version.Lock.Retention?.Mode.Name,
        version.Lock.Retention?.Until,
        version.Lock.LegalHold == true);
}
