using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Uploads;

/// <summary>The job that completes a resumable upload when that takes long: its bytes have to be hashed or copied.</summary>
/// <param name="UploadId">The upload's id.</param>
public sealed record CompleteUpload(Guid UploadId)
{
    public static JobKind<CompleteUpload> Kind { get; } = new("upload-complete", CompleteUploadJson.Default.CompleteUpload);

    /// <summary>Makes the job; at most one waits for an upload.</summary>
    public static NewJob Of(UploadSessionId upload, TimeProvider time) =>
        Kind.Create(new(upload.Value), time) with { UniqueKey = $"{upload}" };
}

[JsonSerializable(typeof(CompleteUpload))]
internal sealed partial class CompleteUploadJson : JsonSerializerContext;
