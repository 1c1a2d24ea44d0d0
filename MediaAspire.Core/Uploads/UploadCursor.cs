using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Uploads;

/// <summary>The position after an upload in the list of those under way.</summary>
/// <param name="CreatedAt">The time of the upload's creation.</param>
/// <param name="Id">The upload's id.</param>
public sealed record UploadCursor(DateTimeOffset CreatedAt, UploadSessionId Id)
{
    public static UploadCursor After(UploadSession upload) => new(upload.CreatedAt, upload.Id);
}
