using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>The result of a deletion.</summary>
/// <param name="Outcome">Written, or the reason that nothing was deleted.</param>
/// <param name="Marker">The delete marker that was written, or that was the removed version; <see langword="null"/> for neither.</param>
public sealed record ObjectDeletion(ObjectWriteOutcome Outcome, DeleteMarker? Marker);

/// <summary>A delete marker.</summary>
/// <param name="Id">The version's id.</param>
/// <param name="IsNull">A value indicating whether it is the version called "null".</param>
public sealed record DeleteMarker(VersionId Id, bool IsNull)
{
    /// <summary>Gets the version's name on the wire.</summary>
    public string VersionName => IsNull ? ObjectVersion.NullVersion : Id.ToString();
}
