using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>The job that makes an image of an upload.</summary>
/// <param name="UploadId">The upload's id.</param>
public sealed record IngestImage(Guid UploadId)
{
    public static JobKind<IngestImage> Kind { get; } = new("image-ingest", IngestImageJson.Default.IngestImage);

    /// <summary>Makes the job; at most one waits for an upload.</summary>
    public static NewJob Of(ImageUploadId upload, TimeProvider time) =>
        Kind.Create(new(upload.Value), time) with { UniqueKey = $"{upload}" };
}

[JsonSerializable(typeof(IngestImage))]
internal sealed partial class IngestImageJson : JsonSerializerContext;
